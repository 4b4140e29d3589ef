import type { Chosen, Question } from "./asking";
import type { Node } from "./entities";
import type { Mesh } from "./mesh";
import { ownName } from "./names";

/** What stands out in the picture: what the search or Find chose. */
export interface Found extends Chosen {
  /** True when nodes were asked for, so that their edges are listed with them. */
  readonly isOfNodes: boolean;
}

/** What the words that somebody types choose, else what Find asks for; null when nothing is asked. */
export function foundIn(mesh: Mesh, text: string, find: Question | null): Found | null {
  const words = wordsOf(text);
  if (words.length > 0) {
    const nodes = [...mesh.nodes.values()].filter((node) => hasAll(node, words));
    return ofNodes(mesh, new Set(nodes.map((node) => node.id)));
  }
  if (find === null) return null;
  const chosen = find.choose(mesh);
  return find.about === "nodes" ? ofNodes(mesh, chosen.nodes) : { ...chosen, isOfNodes: false };
}

function ofNodes(mesh: Mesh, nodes: ReadonlySet<string>): Found {
  const inside = [...mesh.edges.values()].filter(
    ({ source, target }) => nodes.has(source) && nodes.has(target),
  );
  return { nodes, edges: new Set(inside.map(({ id }) => id)), isOfNodes: true };
}

/** The nodes that fit what is typed, those whose name fits best first; of these, what is drawn. */
export function suggestions(mesh: Mesh, text: string, drawn: Mesh["nodes"] = mesh.nodes): Node[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const fitting = [...mesh.nodes.values()].filter((node) => hasAll(node, words));
  const first = words[0] ?? "";
  const hidden = ({ id }: Node) => (drawn.has(id) ? 0 : 1);
  return fitting
    .map((node) => ({ node, fit: fitOf(node.name.toLowerCase(), first) }))
    .sort((a, b) => a.fit - b.fit || hidden(a.node) - hidden(b.node) || busier(a.node, b.node))
    .map(({ node }) => node);
}

/** 0 for the whole name, 1 for its start, 2 for a part's start, 3 for anywhere, 4 for elsewhere. */
function fitOf(name: string, word: string): number {
  if (name === word) return 0;
  if (name.startsWith(word)) return 1;
  if (name.split(/[-_.]/).some((part) => part.startsWith(word))) return 2;
  return name.includes(word) ? 3 : 4;
}

function busier(a: Node, b: Node): number {
  const rps = (node: Node) => node.in.rps ?? node.out.rps ?? 0;
  return rps(b) - rps(a) || (a.id < b.id ? -1 : 1);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function hasAll(node: Node, words: readonly string[]): boolean {
  const parts = [
    node.name,
    ownName(node),
    node.namespace,
    node.workload,
    node.app,
    node.service,
    node.version,
  ];
  const text = [...parts, node.kind, node.health].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
