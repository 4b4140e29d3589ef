import type { Diagnosis, Distribution, History, Me, MeshvizStatus, Queries } from "../wire/types";
import { type HistoryAsk, historyParams } from "../model/history";
import { type Selection, selectionParam } from "../model/page";
import { type View, viewParams } from "../model/view";
import { goToLogin } from "./login";

/** The server answered with something else than what was asked for. */
export class ApiError extends Error {}

async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (answer.status === 401) goToLogin();
  if (!answer.ok) throw new ApiError(await reason(answer));
  return (await answer.json()) as T;
}

async function reason(answer: Response): Promise<string> {
  try {
    const body = (await answer.json()) as { error?: { detail?: string } };
    return body.error?.detail ?? `HTTP ${answer.status}`;
  } catch {
    return `HTTP ${answer.status}`;
  }
}

/** What the server says of itself: accepted windows, version, source. */
export function fetchStatus(signal: AbortSignal): Promise<MeshvizStatus> {
  return get("/api/v1/status", signal);
}

/** Who is signed in, and what they may do and see. */
export function fetchMe(signal: AbortSignal): Promise<Me> {
  return get("/api/v1/me", signal);
}

/** The checks of the source, in the order in which they build on each other. */
export function fetchDiagnosis(signal: AbortSignal): Promise<Diagnosis> {
  return get("/api/v1/doctor", signal);
}

/** The PromQL behind the numbers of one node or edge. */
export function fetchQueries(
  view: View,
  selection: NonNullable<Selection>,
  signal: AbortSignal,
): Promise<Queries> {
  const params = viewParams(view);
  params.set(...selectionParam(selection));
  return get(`/api/v1/queries?${params.toString()}`, signal);
}

/** Numbers over time. */
export function fetchHistory(view: View, ask: HistoryAsk, signal: AbortSignal): Promise<History> {
  return get(`/api/v1/history?${historyParams(view, ask).toString()}`, signal);
}

/** How long the responses of one node or edge took. */
export function fetchDistribution(
  view: View,
  selection: NonNullable<Selection>,
  signal: AbortSignal,
): Promise<Distribution> {
  const params = viewParams(view);
  params.set(...selectionParam(selection));
  return get(`/api/v1/distribution?${params.toString()}`, signal);
}
