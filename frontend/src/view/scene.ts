import type { Box } from "../lib/box";
import type { Curve } from "../lib/curve";
import { clamp } from "../lib/numbers";
import type { Edge, Node } from "../model/entities";
import type { Mesh } from "../model/mesh";
import { namesOf, ownName } from "../model/names";
import { elided, visible } from "../model/text";
import { OPEN_GROUP } from "./layout/types";

/** A node as drawn. The object stays the same from frame to frame; only its fields change. */
export interface DrawnNode {
  readonly id: string;
  node: Node;
  x: number;
  y: number;
  /** False until the layout has found a place. */
  placed: boolean;
  /** Distance from the centre at which edges end. */
  radius: number;
  group: string;
  /** The same for all versions of an app; "" for a node by itself. */
  readonly family: string;
  degree: number;
  /** What is written under it. */
  label: string;
  /** The same without its namespace: inside a box that says it. */
  bare: string;
  /** The same inside a frame that says the rest of the name. */
  short: string;
  /** True while it stands in a frame with other versions of the same app. */
  framed: boolean;
  /** True when somebody put it where it is. */
  pinned: boolean;
  /** Where its name was written, in the graph's units; null where there was no room. */
  named: Box | null;
}

/** An edge as drawn. */
export interface DrawnEdge {
  readonly id: string;
  edge: Edge;
  readonly source: DrawnNode;
  readonly target: DrawnNode;
  /** How far the line is bent, as a share of its length; see routes.ts. */
  bend: number;
  curve: Curve;
  length: number;
}

/** A box round the nodes of one namespace, of one cluster, or of the versions of one app. */
export interface Hull extends Box {
  group: string;
  title: string;
  /** The namespace that it is the box of; null for clusters and frames. */
  namespace: string | null;
  /** Where its title was painted last, and the sign that collapses it; null where there is no room. */
  handle: Box | null;
  sign: Box | null;
}

export interface Scene {
  readonly nodes: Map<string, DrawnNode>;
  readonly edges: Map<string, DrawnEdge>;
  /** Boxes of namespaces, of clusters where there are several, and of apps with versions. */
  hulls: Hull[];
  clusters: Hull[];
  frames: Hull[];
}

export function emptyScene(): Scene {
  return { nodes: new Map(), edges: new Map(), hulls: [], clusters: [], frames: [] };
}

/** What `update` found: `members` when ids came or went, so that places and lines are due. */
export interface Change {
  members: boolean;
  /** True when something looks otherwise even from far, where no numbers are written. */
  looks: boolean;
}

/** Bring the scene up to the mesh, keeping the objects of everything that stays. */
export function update(scene: Scene, mesh: Mesh): Change {
  let members = dropGone(scene, mesh);
  let [names, looks] = [false, false];
  for (const node of mesh.nodes.values()) {
    const before = putNode(scene, node);
    if (before === node) continue;
    members ||= before === null;
    names ||= before === null || !isSameName(before, node);
    looks ||= before === null || !isSameLook(before, node);
  }
  for (const edge of mesh.edges.values()) {
    const before = putEdge(scene, edge);
    if (before === edge) continue;
    members ||= before === null;
    looks ||= before === null || !isSameLine(before, edge);
  }
  if (members) countDegrees(scene);
  if (members || names) writeLabels(scene, mesh);
  return { members, looks: looks || members || names };
}

function isSameName(a: Node, b: Node): boolean {
  return a.name === b.name && a.version === b.version && a.namespace === b.namespace;
}

function isSameLook(a: Node, b: Node): boolean {
  const share = (node: Node) => Math.round((node.in.error_ratio ?? 0) * 50);
  return a.health === b.health && a.outside === b.outside && share(a) === share(b);
}

function isSameLine(a: Edge, b: Edge): boolean {
  return a.health === b.health && a.protocol === b.protocol && strength(a) === strength(b);
}

/** A step for the amount of traffic; steps rather than a slope, so that lines can be grouped. */
export function strength(edge: Edge): number {
  const bytes = (edge.received_bps ?? 0) / 2_000;
  return clamp(Math.round(2 * Math.log10(1 + (edge.rps ?? bytes))), 0, 8);
}

function dropGone(scene: Scene, mesh: Mesh): boolean {
  const before = scene.nodes.size + scene.edges.size;
  for (const [id, { source, target }] of scene.edges) {
    const stays = mesh.edges.has(id) && mesh.nodes.has(source.id) && mesh.nodes.has(target.id);
    if (!stays) scene.edges.delete(id);
  }
  for (const id of scene.nodes.keys()) if (!mesh.nodes.has(id)) scene.nodes.delete(id);
  return scene.nodes.size + scene.edges.size < before;
}

/** Take a node, and return what was known of it before; null for a newcomer. */
function putNode(scene: Scene, node: Node): Node | null {
  const drawn = scene.nodes.get(node.id);
  if (drawn !== undefined) {
    const before = drawn.node;
    drawn.node = node;
    return before;
  }
  scene.nodes.set(node.id, {
    id: node.id,
    node,
    x: 0,
    y: 0,
    placed: false,
    radius: radiusOf(node),
    group: groupOf(node),
    family: familyOf(node),
    degree: 0,
    label: "",
    bare: "",
    short: "",
    framed: false,
    pinned: false,
    named: null,
  });
  return null;
}

/** A newcomer of the same name can make it necessary to say where an old node is. */
export function writeLabels(scene: Scene, mesh: Mesh): void {
  const names = namesOf(mesh.nodes);
  for (const drawn of scene.nodes.values()) {
    const where = names.get(drawn.id)?.where ?? "";
    const name = elided(visible(ownName(drawn.node)), LONGEST);
    drawn.bare = name;
    drawn.label = where === "" ? name : `${name} (${elided(where, LONGEST)})`;
    drawn.short = elided(visible(versionOf(drawn.node)), LONGEST);
  }
}

/** The same for an edge; one whose end is missing is not drawn, and no newcomer. */
function putEdge(scene: Scene, edge: Edge): Edge | null {
  const drawn = scene.edges.get(edge.id);
  if (drawn !== undefined) {
    const before = drawn.edge;
    drawn.edge = edge;
    return before;
  }
  const source = scene.nodes.get(edge.source);
  const target = scene.nodes.get(edge.target);
  if (!source || !target) return edge;
  const line = { bend: 0, curve: new Float64Array(8), length: 0 };
  scene.edges.set(edge.id, { id: edge.id, edge, source, target, ...line });
  return null;
}

function countDegrees(scene: Scene): void {
  for (const node of scene.nodes.values()) node.degree = 0;
  for (const { source, target } of scene.edges.values()) {
    source.degree += 1;
    target.degree += 1;
  }
}

function radiusOf(node: Node): number {
  if (node.kind === "namespace") return 28;
  return node.kind === "gateway" || node.kind === "external" ? 22 : 20;
}

function groupOf(node: Node): string {
  if (node.kind === "namespace") return OPEN_GROUP;
  if (node.namespace === null) return "";
  return `${node.cluster ?? ""}/${node.namespace}`;
}

/** A longer name is written by its start and end. */
export const LONGEST = 30;

/** The name of what a node is a version of; "" for a node by itself. */
function familyOf(node: Node): string {
  if (node.app === null || node.version === null) return "";
  if (node.kind !== "app" && node.kind !== "workload") return "";
  return `${groupOf(node)}\n${node.app}`;
}

/** What a version is called inside a frame that says the rest. */
function versionOf(node: Node): string {
  const { app, version } = node;
  const name = ownName(node);
  const rest = app !== null && name.startsWith(`${app}-`) ? name.slice(app.length + 1) : name;
  return name === app && version !== null ? version : rest;
}
