import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Selection } from "../../model/page";
import type { Origins } from "../../model/provenance";
import { viewParams } from "../../model/view";
import { useApp } from "../context";

// Counting series costs Prometheus something: an answer serves all numbers of a panel for a while.
const FRESH_MS = 30_000;

export type Answer =
  | { state: "none" }
  | { state: "loading" }
  | { state: "failed"; reason: string }
  | { state: "ready"; origins: Origins };

interface OriginsOfPanel {
  answer: Answer;
  /** Have the queries fetched, unless they were a moment ago. */
  load: () => void;
}

const OriginsContext = createContext<OriginsOfPanel | null>(null);

/** The queries behind the panel's numbers; a panel that was not asked for them fetches none. */
export function useOrigins(): OriginsOfPanel {
  const origins = useContext(OriginsContext);
  if (origins === null) throw new Error("this component must stand inside <OriginsOf>");
  return origins;
}

/** Keeps the queries of one node or edge for all that is inside. */
export function OriginsOf({
  selection,
  children,
}: {
  selection: NonNullable<Selection>;
  children: ComponentChildren;
}) {
  const { store, commands } = useApp();
  const [answer, setAnswer] = useState<Answer>({ state: "none" });
  const asked = useRef<{ controller: AbortController; at: number } | null>(null);
  const view = viewParams(store.view.value).toString();

  const load = () => {
    const now = Date.now();
    if (asked.current !== null && now - asked.current.at < FRESH_MS) return;
    asked.current?.controller.abort();
    const controller = new AbortController();
    asked.current = { controller, at: now };
    setAnswer((before) => (before.state === "ready" ? before : { state: "loading" }));
    commands.queries(selection, controller.signal).then(
      (queries) => {
        if (controller.signal.aborted) return;
        const origins = { queries, pictureAgeS: store.ageS.peek() };
        setAnswer({ state: "ready", origins });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        asked.current = null;
        setAnswer({ state: "failed", reason: error instanceof Error ? error.message : "" });
      },
    );
  };

  // Another window or side has other queries.
  useEffect(() => {
    if (asked.current === null) return;
    asked.current.controller.abort();
    asked.current = null;
    setAnswer({ state: "none" });
    load();
  }, [view]);
  useEffect(() => () => asked.current?.controller.abort(), []);
  return <OriginsContext.Provider value={{ answer, load }}>{children}</OriginsContext.Provider>;
}
