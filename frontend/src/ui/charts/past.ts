import type { Distribution, History } from "../../model/entities";
import type { HistoryAsk } from "../../model/history";
import { historyParams } from "../../model/history";
import type { Selection } from "../../model/page";
import { viewParams } from "../../model/view";
import { useApp } from "../context";
import { type Asked, useAsked } from "./asked";

/** Numbers over time of what is on screen; renewed only while they end now. */
export function useHistory(ask: HistoryAsk, everyMs: number): Asked<History> {
  const { store, commands } = useApp();
  return useAsked(
    historyParams(store.view.value, ask).toString(),
    (signal) => commands.history(ask, signal),
    ask.end === null ? everyMs : null,
  );
}

/** How long the responses of a node or edge take, by buckets. */
export function useDistribution(
  about: NonNullable<Selection>,
  everyMs: number,
): Asked<Distribution> {
  const { store, commands } = useApp();
  return useAsked(
    `${about.kind} ${about.id} ${viewParams(store.view.value).toString()}`,
    (signal) => commands.distribution(about, signal),
    everyMs,
  );
}
