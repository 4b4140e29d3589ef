import type { Edge, Node } from "../entities";
import type { Mesh } from "../mesh";
import { type Ast, type Term, type Value, termsOf } from "./ast";
import { type Field, type Raw, fieldOf } from "./fields";
import { isNegative } from "./operators";
import { type World, worldOf } from "./world";

/**
 * What an expression is about. A term that only edges have makes it one about edges; terms that
 * only nodes have, and nothing else, one about nodes; else it is asked of both.
 */
export type About = "nodes" | "edges" | "both";

/** An expression made ready to be asked of many nodes and edges. */
export interface Compiled {
  readonly about: About;
  /** True for the node with one of its edges, or by itself where it has none. */
  readonly node: (node: Node, world: World) => boolean;
  /** True for the edge with one of its ends. */
  readonly edge: (edge: Edge, world: World) => boolean;
}

/** An edge with one of its ends, or a node alone: what an expression is true or false of. */
type Test = (node: Node | undefined, edge: Edge | undefined, world: World) => boolean;

export function compile(ast: Ast): Compiled {
  const terms = termsOf(ast);
  const about = terms.some(isOfEdges) ? "edges" : terms.every(isOfNodes) ? "nodes" : "both";
  const needsEdge = about === "edges";
  const ofEdge = compiled(ast, "edge");
  // Where an edge is asked for, what both have is the edge's.
  const ofNode = needsEdge ? ofEdge : compiled(ast, "node");
  const needsEnd = terms.some(isOfNodes);
  return {
    about,
    node: (node, world) => {
      const edges = needsEdge ? world.edgesAt(node.id) : [];
      if (edges.length === 0) return ofNode(node, undefined, world);
      return edges.some((edge) => ofNode(node, edge, world));
    },
    edge: (edge, world) => {
      if (!needsEnd) return ofEdge(undefined, edge, world);
      return (
        ofEdge(world.node(edge.source), edge, world) || ofEdge(world.node(edge.target), edge, world)
      );
    },
  };
}

/** Ids of the nodes and of the edges for which an expression is true. */
export function select(
  { node, edge }: Compiled,
  mesh: Pick<Mesh, "nodes" | "edges">,
): { nodes: Set<string>; edges: Set<string> } {
  const world = worldOf(mesh);
  const chosen = { nodes: new Set<string>(), edges: new Set<string>() };
  for (const each of mesh.nodes.values()) if (node(each, world)) chosen.nodes.add(each.id);
  for (const each of mesh.edges.values()) if (edge(each, world)) chosen.edges.add(each.id);
  return chosen;
}

function isOfEdges({ owner, field }: Term): boolean {
  if (owner !== null) return owner !== "node";
  return fieldOf(field)?.node === null;
}

function isOfNodes({ owner, field }: Term): boolean {
  return owner === null ? fieldOf(field)?.edge === null : owner === "node";
}

function compiled(ast: Ast, subject: "node" | "edge"): Test {
  switch (ast.kind) {
    case "term":
      return compiledTerm(ast, subject);
    case "not": {
      const of = compiled(ast.of, subject);
      return (node, edge, world) => !of(node, edge, world);
    }
    case "and":
    case "or": {
      const left = compiled(ast.left, subject);
      const right = compiled(ast.right, subject);
      return ast.kind === "and"
        ? (node, edge, world) => left(node, edge, world) && right(node, edge, world)
        : (node, edge, world) => left(node, edge, world) || right(node, edge, world);
    }
  }
}

function compiledTerm(term: Term, subject: "node" | "edge"): Test {
  const field = fieldOf(term.field);
  if (field === undefined) return () => false;
  const get = getterFor(term, field, subject);
  const holds = comparison(term, field);
  return (node, edge, world) => holds(get(node, edge, world));
}

type Get = (node: Node | undefined, edge: Edge | undefined, world: World) => Raw;

function getterFor({ owner }: Term, field: Field, subject: "node" | "edge"): Get {
  const ofNode = (node: Node | undefined, world: World) =>
    node === undefined || field.node === null ? null : field.node(node, world);
  const ofEdge = (edge: Edge | undefined, world: World) =>
    edge === undefined || field.edge === null ? null : field.edge(edge, world);
  switch (owner) {
    case "source":
    case "target":
      return (_, edge, world) => ofNode(edge && world.node(edge[owner]), world);
    case "node":
      return (node, _, world) => ofNode(node, world);
    case "edge":
      return (_, edge, world) => ofEdge(edge, world);
    case null: {
      const isOfNode = field.edge === null || (subject === "node" && field.node !== null);
      return isOfNode
        ? (node, _, world) => ofNode(node, world)
        : (_, edge, world) => ofEdge(edge, world);
    }
  }
}

/** Whether a value, or one of several, is what the term asks for. What is unknown is nothing. */
function comparison({ op, values }: Term, field: Field): (raw: Raw) => boolean {
  const tests = values.map((value) => valueTest(op, value, field));
  const isOne = (raw: Raw) => tests.some((test) => test(raw));
  if (!isNegative(op)) return isOne;
  const asksUnknown = values.some(({ kind }) => kind === "unknown");
  return (raw) => (asksUnknown || isKnown(raw, field)) && !isOne(raw);
}

function isKnown(raw: Raw, field: Field): boolean {
  if (raw === null) return false;
  if (typeof raw === "object") return raw.length > 0;
  return !(field.type === "choice" && raw === "unknown" && field.name !== "kind");
}

function valueTest(op: Term["op"], value: Value, field: Field): (raw: Raw) => boolean {
  switch (value.kind) {
    case "unknown":
      // Unknown sources are called so.
      return (raw) => !isKnown(raw, field) || raw === "unknown";
    case "number": {
      // Shares are written in percent, and come as 0..1.
      const limit = field.type === "share" ? value.value / 100 : value.value;
      const test = numberTest(op, limit);
      return (raw) => anyOf(raw, (one) => test(Number(one)));
    }
    case "text": {
      const test = textTest(op, value.text.toLowerCase(), field);
      return (raw) => isKnown(raw, field) && anyOf(raw, (one) => test(String(one).toLowerCase()));
    }
  }
}

function anyOf(raw: Raw, test: (one: string | number) => boolean): boolean {
  if (raw === null) return false;
  return typeof raw === "object" ? raw.some(test) : test(raw);
}

function numberTest(op: Term["op"], limit: number): (value: number) => boolean {
  if (op === ">") return (value) => value > limit;
  if (op === ">=") return (value) => value >= limit;
  if (op === "<") return (value) => value < limit;
  if (op === "<=") return (value) => value <= limit;
  return (value) => value === limit;
}

function textTest(op: Term["op"], wanted: string, field: Field): (text: string) => boolean {
  switch (op.replace("!", "")) {
    case "*=":
      return (text) => text.includes(wanted);
    case "^=":
      return (text) => text.startsWith(wanted);
    case "$=":
      return (text) => text.endsWith(wanted);
    default:
      // A whole class of codes: 5xx.
      return field.type === "codes" && /^\dxx$/.test(wanted)
        ? (text) => text.length === 3 && text[0] === wanted[0]
        : (text) => text === wanted;
  }
}
