import { useEffect, useState } from "preact/hooks";

const QUIET_MS = 4000;
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown"] as const;

/** True while nobody moves anything: then pointer and buttons are out of the picture. */
export function useQuiet(): boolean {
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setQuiet(true), QUIET_MS);
    const live = () => {
      clearTimeout(timer);
      setQuiet(false);
      timer = setTimeout(() => setQuiet(true), QUIET_MS);
    };
    for (const name of SIGNS_OF_LIFE) document.addEventListener(name, live);
    return () => {
      clearTimeout(timer);
      for (const name of SIGNS_OF_LIFE) document.removeEventListener(name, live);
    };
  }, []);
  useEffect(() => {
    document.documentElement.classList.toggle("quiet-pointer", isQuiet);
    return () => document.documentElement.classList.remove("quiet-pointer");
  }, [isQuiet]);
  return isQuiet;
}

/** Keep the screen from going dark, where the browser can. */
export function useAwakeScreen(): void {
  useEffect(() => {
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    if (wakeLock === undefined) return;
    let isOver = false;
    let lock: WakeLockSentinel | null = null;
    // Browsers take the lock away from a hidden tab, and refuse it on a low battery.
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      wakeLock.request("screen").then(
        (given) => {
          lock = given;
          if (isOver) void given.release();
        },
        () => undefined,
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}
