/** Copy, also on pages without TLS, where browsers withhold the clipboard API. */
export async function copyText(text: string): Promise<void> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return;
    }
  } catch {
    // Some allow it only in the very moment of a click.
  }
  const field = document.createElement("textarea");
  field.value = text;
  // In a dialog everything outside of it is out of reach, also for selecting.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  // Deprecated, and the only way that works over plain HTTP.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand("copy");
  field.remove();
}
