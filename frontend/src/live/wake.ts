const LOOK_MS = 1_000;
/** A timer this late was not late by accident: the machine or the page slept. */
const SLEPT_MS = 5_000;

/**
 * Call `awake` whenever this page may have been asleep: it was frozen or in the background, the
 * network was away, or the clock jumped, which is all that a page sees of a laptop's closed lid.
 * Returns how to stop.
 */
export function watchWake(awake: () => void, now: () => number): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  window.addEventListener("online", awake, { signal });
  window.addEventListener("pageshow", awake, { signal });
  document.addEventListener("resume", awake, { signal });
  const seen = () => {
    if (document.visibilityState === "visible") awake();
  };
  document.addEventListener("visibilitychange", seen, { signal });
  let last = now();
  const timer = setInterval(() => {
    const late = Math.abs(now() - last - LOOK_MS) > SLEPT_MS;
    last = now();
    if (late) awake();
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    ending.abort();
  };
}
