import type { Box } from "../lib/box";
import type { Curve } from "../lib/curve";
import { clamp } from "../lib/numbers";
import type { Edge, Node } from "../model/entities";
import type { Mesh } from "../model/mesh";
import { namesOf } from "../model/names";
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
  degree: number;
  /** What is written under it. */
  label: string;
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

/** A box round the nodes of one namespace. */
export interface Hull extends Box {
  group: string;
  title: string;
}

export interface Scene {
  readonly nodes: Map<string, DrawnNode>;
  readonly edges: Map<string, DrawnEdge>;
  hulls: Hull[];
}

export function emptyScene(): Scene {
  return { nodes: new Map(), edges: new Map(), hulls: [] };
}

/** What `update` found: `members` when ids came or went, so that places and lines are due. */
export interface Change {
  members: boolean;
}

/** Bring the scene up to the mesh, keeping the objects of everything that stays. */
export function update(scene: Scene, mesh: Mesh): Change {
  const dropped = dropGone(scene, mesh);
  const addedNodes = [...mesh.nodes.values()].filter((node) => putNode(scene, node)).length;
  const addedEdges = [...mesh.edges.values()].filter((edge) => putEdge(scene, edge)).length;
  const members = dropped || addedNodes > 0 || addedEdges > 0;
  if (members) countDegrees(scene);
  writeLabels(scene, mesh);
  return { members };
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

function putNode(scene: Scene, node: Node): boolean {
  const drawn = scene.nodes.get(node.id);
  if (drawn !== undefined) {
    drawn.node = node;
    return false;
  }
  scene.nodes.set(node.id, {
    id: node.id,
    node,
    x: 0,
    y: 0,
    placed: false,
    radius: radiusOf(node),
    group: groupOf(node),
    degree: 0,
    label: "",
  });
  return true;
}

/** A newcomer of the same name can make it necessary to say where an old node is. */
function writeLabels(scene: Scene, mesh: Mesh): void {
  const names = namesOf(mesh.nodes);
  for (const drawn of scene.nodes.values()) {
    const where = names.get(drawn.id)?.where ?? "";
    const name = elided(visible(drawn.node.name), LONGEST);
    drawn.label = where === "" ? name : `${name} (${elided(where, LONGEST)})`;
  }
}

function putEdge(scene: Scene, edge: Edge): boolean {
  const drawn = scene.edges.get(edge.id);
  if (drawn !== undefined) {
    drawn.edge = edge;
    return false;
  }
  const source = scene.nodes.get(edge.source);
  const target = scene.nodes.get(edge.target);
  if (!source || !target) return false;
  const line = { bend: 0, curve: new Float64Array(8), length: 0 };
  scene.edges.set(edge.id, { id: edge.id, edge, source, target, ...line });
  return true;
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
const LONGEST = 30;
const SIDE = 46;
/** Half the width of a letter at the usual zoom: long names stay inside their box. */
const LETTER = 4;
const TOP = 46;
// Names and version badges stand under their nodes.
const BOTTOM = 70;

/** Boxes round the placed nodes of each namespace. */
export function hullsOf(nodes: Iterable<DrawnNode>): Hull[] {
  const hulls = new Map<string, Hull>();
  const clusters = new Set<string>();
  for (const drawn of nodes) {
    if (drawn.node.cluster !== null) clusters.add(drawn.node.cluster);
    if (drawn.placed && drawn.group !== "" && drawn.group !== OPEN_GROUP) widen(hulls, drawn);
  }
  // The cluster is worth its space only where there are several.
  if (clusters.size > 1) {
    for (const hull of hulls.values()) hull.title = titleOf(hull.group.replace(/^\//, ""));
  }
  return [...hulls.values()];
}

function titleOf(text: string): string {
  return elided(visible(text), LONGEST);
}

function widen(hulls: Map<string, Hull>, { group, node, label, x, y }: DrawnNode): void {
  const side = clamp(label.length * LETTER, SIDE, 2 * SIDE);
  const own = { x0: x - side, y0: y - TOP, x1: x + side, y1: y + BOTTOM };
  const hull = hulls.get(group) ?? { ...own, group, title: titleOf(node.namespace ?? "") };
  hull.x0 = Math.min(hull.x0, own.x0);
  hull.y0 = Math.min(hull.y0, own.y0);
  hull.x1 = Math.max(hull.x1, own.x1);
  hull.y1 = Math.max(hull.y1, own.y1);
  hulls.set(group, hull);
}
