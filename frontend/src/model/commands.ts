import type { Diagnosis, Distribution, History, Queries } from "./entities";
import type { HistoryAsk } from "./history";
import type { Words } from "./export/words";
import type { Selection } from "./page";
import type { Places, Shelf } from "./saved";

/** What the controls can ask of the picture and of the server; main connects the two. */
export interface Commands {
  /** Show the whole graph. */
  fit(): void;
  /** Bring these nodes into sight. */
  reveal(ids: readonly string[]): void;
  /** Lay everything out anew, forgetting remembered places. */
  tidy(): void;
  zoomBy(factor: number): void;
  /** The whole picture as a file, with a title and a legend. */
  drawing(format: "png" | "svg", words: Words): Promise<Blob>;
  /** Take the last move of a node back, or tidying up; and do it again. */
  undo(): void;
  redo(): void;
  /** Try to reach the server now instead of waiting. */
  reconnect(): void;
  /** The PromQL behind one entity's numbers. */
  queries(selection: NonNullable<Selection>, signal: AbortSignal): Promise<Queries>;
  /** Numbers over time, for charts. */
  history(ask: HistoryAsk, signal: AbortSignal): Promise<History>;
  /** How long responses took, by buckets. */
  distribution(selection: NonNullable<Selection>, signal: AbortSignal): Promise<Distribution>;
  /** Where the nodes of the picture stand, to be kept with a view; null while there are none. */
  places(): Places | null;
  /** Put nodes where they stood when a view was kept. */
  place(places: Places): void;
  /** Views that are kept under a name. */
  readonly shelf: Shelf;
  /** Show what an address of the page carries, such as a kept view's. */
  visit(query: string): void;
  /** Ask who is signed in, and what they may do and see: the store is told. */
  askViewer(): Promise<void>;
  /** End the session, where people sign in. */
  signOut(): Promise<void>;
  /** What is wrong with Prometheus, the scraping or the metrics; takes as long as they do. */
  diagnosis(signal: AbortSignal): Promise<Diagnosis>;
}
