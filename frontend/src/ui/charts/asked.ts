import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context";

export type Asked<T> =
  | { state: "loading" }
  | { state: "failed"; reason: string }
  | {
      state: "ready";
      answer: T;
      /** The question has changed since, and its answer is on the way. */
      isOld: boolean;
      /** Why there is nothing newer. */
      failure: string | null;
    };

/**
 * Ask the server while a component is on the page: at once, when the question (`key`) changes, and,
 * unless `everyMs` is null, with a tick that comes so much later. The last question is taken back
 * when the component goes.
 */
export function useAsked<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
  everyMs: number | null,
): Asked<T> {
  const { store } = useApp();
  const [asked, setAsked] = useState<Asked<T>>({ state: "loading" });
  const question = useRef(ask);
  question.current = ask;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let askedAt: number | null = null;
    let isOut = false;
    const go = async () => {
      isOut = true;
      askedAt = Date.now();
      const change = await question.current(signal).then(answered<T>, failed<T>);
      isOut = false;
      if (!signal.aborted) setAsked(change);
    };
    setAsked(outdated);
    // Called now, and with every tick.
    const stop = store.mesh.subscribe(() => {
      if (isOut || (askedAt !== null && !isDue(askedAt, everyMs))) return;
      if (askedAt !== null && store.paused.peek()) return;
      void go();
    });
    return () => {
      stop();
      controller.abort();
    };
  }, [key, everyMs]);
  return asked;
}

function isDue(askedAt: number, everyMs: number | null): boolean {
  return everyMs !== null && Date.now() - askedAt >= everyMs && !document.hidden;
}

type Change<T> = (before: Asked<T>) => Asked<T>;

function answered<T>(answer: T): Change<T> {
  return () => ({ state: "ready", answer, isOld: false, failure: null });
}

function failed<T>(error: unknown): Change<T> {
  const reason = error instanceof Error ? error.message : String(error);
  return (before) =>
    before.state === "ready" && !before.isOld
      ? { ...before, failure: reason }
      : { state: "failed", reason };
}

function outdated<T>(before: Asked<T>): Asked<T> {
  return before.state === "ready" ? { ...before, isOld: true } : { state: "loading" };
}
