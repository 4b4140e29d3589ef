/** What Find and Hide ask of the mesh. The language itself is fetched when somebody first uses it. */
import type { Mesh } from "./mesh";

/** Ids of what an expression is true for. */
export interface Chosen {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

export interface Question {
  /** Nodes alone, as in `ns = shop`; edges, as in `protocol = tcp`; or both, as in `error > 1%`. */
  readonly about: "nodes" | "edges" | "both";
  readonly choose: (mesh: Pick<Mesh, "nodes" | "edges">) => Chosen;
}

/** What a text asks; null when it asks nothing, or cannot be read. */
export type Understand = (text: string) => Question | null;
