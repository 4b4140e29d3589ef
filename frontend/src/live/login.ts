/** The address of the login page that leads back to where one is. */
export function loginAddress(pathname: string, search: string): string {
  const here = pathname + search;
  return here === "/" ? "/login" : `/login?${new URLSearchParams({ next: here }).toString()}`;
}

/** Go and sign in: the server no longer knows who this is. */
export function goToLogin(): void {
  location.assign(loginAddress(location.pathname, location.search));
}

/** What a proxy that names nobody at the websocket makes of a page: one that loads for ever. */
const ONCE_IN_MS = 60_000;
const KEY = "meshviz.came-back";

export const UNNAMED =
  "The proxy in front of meshviz names who asks for the page, but not who opens its websocket: it has to send the same headers with /ws/graph.";

/**
 * Come by the proxy again, which knows who this is or asks. False when that was done a moment ago:
 * it did not help.
 */
export function comeBack(storage: Storage, now: number, reload: () => void): boolean {
  try {
    if (now - Number(storage.getItem(KEY) ?? -ONCE_IN_MS) < ONCE_IN_MS) return false;
    storage.setItem(KEY, String(now));
  } catch {
    // Without a memory it could not be told when to stop.
    return false;
  }
  reload();
  return true;
}
