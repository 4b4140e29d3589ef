import { effect, untracked } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

/** A busy page shows what waited for a rest after so long all the same. */
const PATIENCE_MS = 1_000;
/** Where the browser does not say when it rests. */
const PAUSE_MS = 200;

/**
 * What `read` makes of signals: at once where it is urgent, else when the page has nothing better
 * to do. What nobody looks at must not hold up the frame that everybody looks at.
 */
export function useAtRest<T>(read: () => T, isUrgent: boolean): T {
  const [rested, setRested] = useState(() => untracked(read));
  useEffect(() => {
    if (isUrgent) return;
    let cancel: (() => void) | null = null;
    const take = () => {
      cancel = null;
      setRested(read());
    };
    const stop = effect(() => {
      read();
      cancel ??= atRest(take);
    });
    return () => {
      stop();
      cancel?.();
    };
  }, [isUrgent]);
  return isUrgent ? read() : rested;
}

/** After the next frame, or the wait would hold up the very frame that it is for. */
function atRest(then: () => void): () => void {
  let cancel: () => void = () => undefined;
  const frame = requestAnimationFrame(() => {
    cancel = atLeisure(then);
  });
  return () => {
    cancelAnimationFrame(frame);
    cancel();
  };
}

function atLeisure(then: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(then, PAUSE_MS);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(then, { timeout: PATIENCE_MS });
  return () => cancelIdleCallback(handle);
}
