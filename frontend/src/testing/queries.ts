/** Made-up expressions and meshes for claims that must hold of all of them; seeded, so they stay. */
import type { Edge, Node } from "../model/entities";
import { type Mesh, NOTHING, apply } from "../model/mesh";
import type { Ast, Owner, Term, Value } from "../model/query/ast";
import { FIELDS, type Field, has } from "../model/query/fields";
import { operatorsOf } from "../model/query/operators";
import { edge, node, snapshot } from "./make";

/** A source of chance that says the same each time (mulberry32). */
export class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}

// What reads as something else without quotes is what printing may get wrong.
const TEXTS = [
  "reviews",
  "a b",
  "and",
  "unknown",
  '"',
  "x\\y",
  "(",
  "10",
  "v1",
  "a=b",
  "日本",
  "!x",
  "",
];
const NUMBERS = [0, 1, 0.1, 7, 10, 99.5, 250, 1e-7, 1e21, 1024 ** 3];
const OWNERS: readonly Owner[] = [null, null, "source", "target", "node", "edge"];

export function anyAst(chance: Chance, depth = 4): Ast {
  const kind = depth === 0 ? "term" : chance.of(["term", "not", "and", "or"] as const);
  switch (kind) {
    case "term":
      return anyTerm(chance);
    case "not":
      return { kind, of: anyAst(chance, depth - 1) };
    case "and":
    case "or":
      return { kind, left: anyAst(chance, depth - 1), right: anyAst(chance, depth - 1) };
  }
}

function anyTerm(chance: Chance): Term {
  const field = chance.of(FIELDS);
  const owner = chance.of(OWNERS.filter((each) => has(each, field)));
  const op = chance.of(operatorsOf(field.type));
  const isNumber = !["text", "choice", "codes"].includes(field.type);
  const isOrder = [">", ">=", "<", "<="].includes(op);
  const value = () => anyValue(chance, field, isNumber || isOrder, !isOrder);
  const values = op === "in" || op === "!in" ? [value(), value()] : [value()];
  return { kind: "term", owner, field: field.name, op, values };
}

function anyValue(chance: Chance, field: Field, isNumber: boolean, mayBeUnknown: boolean): Value {
  const isUnknown = mayBeUnknown && field.name !== "kind" && chance.below(5) === 0;
  if (isUnknown) return { kind: "unknown" };
  if (isNumber) return { kind: "number", value: chance.of(NUMBERS) };
  if (field.type !== "choice") return { kind: "text", text: chance.of(TEXTS) };
  const choices = field.values.filter((text) => text !== "unknown" || field.name === "kind");
  return { kind: "text", text: chance.of(choices) };
}

export function anyMesh(chance: Chance, size: number): Mesh {
  const ids = Array.from({ length: size }, (_, index) => `n${index}`);
  const nodes = ids.map((id) => anyNode(chance, id));
  const edges = Array.from({ length: size * 3 }, () => anyEdge(chance, ids));
  return apply(NOTHING, snapshot({ nodes, edges }));
}

function anyNode(chance: Chance, id: string): Node {
  return node(id, {
    name: chance.of(TEXTS),
    namespace: chance.of(["shop", "bookinfo", null]),
    kind: chance.of(["workload", "service", "external", "unknown"] as const),
    version: chance.of(["v1", "v2", null]),
    health: chance.of(["healthy", "degraded", "failing", "idle", "unknown"] as const),
    in: { ...figures(chance), client_error_ratio: null, sent_bps: null, received_bps: 10 },
  });
}

function anyEdge(chance: Chance, ids: readonly string[]): Edge {
  const protocol = chance.of(["http", "grpc", "tcp"] as const);
  return edge(chance.of(ids), chance.of(ids), {
    protocol,
    ...figures(chance),
    health: chance.of(["healthy", "degraded", "failing"] as const),
    mtls: chance.of([
      { state: "mtls", ratio: 1 },
      { state: "mixed", ratio: 0.4 },
      { state: "unknown", ratio: null },
    ] as const),
    responses: chance.of([[], [{ code: "503", flags: "UO", rps: 1, error: true }]]),
    hosts: chance.of([[], ["reviews:9080"]]),
  });
}

function figures(chance: Chance): { rps: number | null; error_ratio: number | null } {
  const rps = chance.of([null, 0, 1, 7, 250]);
  return { rps, error_ratio: rps === null ? null : chance.of([0, 0.01, 0.07, 0.5]) };
}
