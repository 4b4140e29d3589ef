/** Data as a short text that an address can carry. */

/** More than anybody writes: an address may come from anywhere, and a little can unfold to a lot. */
const MOST_BYTES = 1024 * 1024;

/** Anything that JSON can say, deflated, in letters that addresses leave as they are. */
export async function packed(value: unknown): Promise<string> {
  const text = new Blob([JSON.stringify(value)]).stream();
  const bytes = new Uint8Array(
    await new Response(text.pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer(),
  );
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What was packed; null where the text is nothing of the kind. */
export async function unpacked(text: string): Promise<unknown> {
  try {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return JSON.parse(await inflated(new Blob([bytes]))) as unknown;
  } catch {
    return null;
  }
}

async function inflated(bytes: Blob): Promise<string> {
  const stream = bytes.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let all = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    all += value.byteLength;
    if (all > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError("too much");
    }
    text += decoder.decode(value, { stream: true });
  }
}
