import { translate } from "../locales/translate";
import type { Node } from "./entities";
import { writtenIn } from "./format";
import { visible } from "./text";

type Nodes = ReadonlyMap<string, Node>;

/** What to call a node, in two parts: the second only where the first does not tell it apart. */
export interface Name {
  /** Name and version, as the badge under the node shows: "reviews v2". */
  readonly full: string;
  /** Namespace, cluster, or both; "" when no other node has this name. */
  readonly where: string;
}

/** A node's own name. Who is outside of what may be seen has none, and is called by its part. */
export function ownName({ id, kind, name }: Node): string {
  if (kind !== "outside") return name;
  return translate(writtenIn(), id === CALLERS_OUTSIDE ? "outside.callers" : "outside.called");
}

/** The node for all callers in namespaces that the viewer may not see; the other is called. */
const CALLERS_OUTSIDE = "z/callers";

/** A node's name with its version. */
export function fullName(node: Node): string {
  const { version } = node;
  const name = ownName(node);
  if (version === null || version === "latest") return visible(name);
  // A workload's name often says it already: reviews-v2.
  return visible(name.endsWith(`-${version}`) ? name : `${name} ${version}`);
}

/** What to call the node with this id; the id itself where the node is not known. */
export function nameOf(nodes: Nodes, id: string): string {
  return nameIn(namesOf(nodes), id);
}

/** The same, for whoever has the names already. */
export function nameIn(names: ReadonlyMap<string, Name>, id: string): string {
  const name = names.get(id);
  if (name === undefined) return visible(id);
  return name.where === "" ? name.full : `${name.full} (${name.where})`;
}

let known = new WeakMap<Nodes, ReadonlyMap<string, Name>>();
let language = writtenIn();
let newest: ReadonlyMap<string, Name> = new Map();

/**
 * The names of all nodes; worked out once for each state of the mesh. The same map as long as all
 * names are the same: what is written with them need not be written anew at every tick.
 */
export function namesOf(nodes: Nodes): ReadonlyMap<string, Name> {
  if (language !== writtenIn()) {
    language = writtenIn();
    known = new WeakMap();
  }
  const before = known.get(nodes);
  if (before !== undefined) return before;
  const names = named(nodes);
  if (!areSame(names, newest)) newest = names;
  known.set(nodes, newest);
  return newest;
}

function areSame(a: ReadonlyMap<string, Name>, b: ReadonlyMap<string, Name>): boolean {
  if (a.size !== b.size) return false;
  for (const [id, { full, where }] of a) {
    const other = b.get(id);
    if (other?.full !== full || other.where !== where) return false;
  }
  return true;
}

function named(nodes: Nodes): Map<string, Name> {
  const alike = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const full = fullName(node);
    const others = alike.get(full);
    if (others === undefined) alike.set(full, [node]);
    else others.push(node);
  }
  const names = new Map<string, Name>();
  for (const [full, group] of alike) {
    const tell = whereOf(group);
    for (const node of group) names.set(node.id, { full, where: tell(node) });
  }
  return names;
}

/** The least that tells nodes of the same name apart: the namespace, the cluster, or both. */
function whereOf(group: readonly Node[]): (node: Node) => string {
  const namespace = (node: Node) => (node.kind === "namespace" ? "" : (node.namespace ?? ""));
  const cluster = (node: Node) => node.cluster ?? "";
  const both = (node: Node) => [namespace(node), cluster(node)].filter(Boolean).join(", ");
  if (group.length === 1) return () => "";
  const differ = (part: (node: Node) => string) => new Set(group.map(part)).size;
  const best = differ(both);
  const part = [namespace, cluster].find((each) => differ(each) === best) ?? both;
  return (node) => visible(part(node));
}
