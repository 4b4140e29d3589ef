import type { Health, MtlsState } from "../entities";

/** What is written round an exported picture, in the language of the page. */
export interface Words {
  title: string;
  /** Time, window, filter: what one has to know a week later. */
  about: string;
  /** The legend. */
  signs: readonly Sign[];
}

/** One entry of the legend: a line, or a lock. */
export type Sign =
  | { kind: "line"; of: Health | "tcp"; text: string }
  | { kind: "lock"; of: Exclude<MtlsState, "unknown">; text: string };
