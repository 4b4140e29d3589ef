import { type Box, grow, overlaps, union } from "../lib/box";
import { clamp } from "../lib/numbers";
import { elided, visible } from "../model/text";
import { OPEN_GROUP } from "./layout/types";
import { type DrawnNode, type Hull, LONGEST, type Scene } from "./scene";

const SIDE = 46;
/** Half the width of a letter at the usual zoom: long names stay inside their box. */
const LETTER = 4;
const TOP = 46;
// Names and version badges stand under their nodes.
const BOTTOM = 70;
/** Between the boxes of namespaces and that of their cluster. */
const CLUSTER_MARGIN = 24;
/** A frame taller or wider than this would hold together what somebody took apart. */
const LARGEST_FRAME = 900;
/** Boxes of which more than this share lie over others are a muddle, and not drawn. */
const MUDDLE = 0.2;

/** Draw the boxes anew, after nodes moved. */
export function outline(scene: Scene): void {
  const nodes = [...scene.nodes.values()].filter((node) => node.placed);
  scene.frames = framesOf(nodes);
  scene.hulls = hullsOf(nodes);
  scene.clusters = clustersOf(scene.hulls, nodes);
  if (scene.clusters.length > 0) return nameWithoutCluster(scene);
  // Boxes that meet because somebody dragged a node into another are no muddle of ours.
  if (isMuddle(hullsOf(nodes.filter((node) => !node.pinned)))) scene.hulls = [];
}

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

function widen(hulls: Map<string, Hull>, drawn: DrawnNode): void {
  const { group, node, label, short, framed, x, y } = drawn;
  const side = clamp((framed ? short : label).length * LETTER, SIDE, 2 * SIDE);
  // A frame has its title above its first node.
  const top = framed ? TOP + 18 : TOP;
  const own = { x0: x - side, y0: y - top, x1: x + side, y1: y + BOTTOM };
  const hull = hulls.get(group);
  const title = hull?.title ?? titleOf(node.namespace ?? "");
  const box = hull === undefined ? own : union(hull, own);
  hulls.set(group, hullAt(box, group, title, node.namespace));
}

/** Boxes round the namespaces of each cluster, where clusters stand apart. */
function clustersOf(hulls: readonly Hull[], nodes: readonly DrawnNode[]): Hull[] {
  const clusterOf = new Map(nodes.map(({ group, node }) => [group, node.cluster ?? ""]));
  const clusters = new Map<string, Hull>();
  for (const hull of hulls) {
    const cluster = clusterOf.get(hull.group) ?? "";
    if (cluster === "") continue;
    const known = clusters.get(cluster);
    const box = known === undefined ? hull : union(known, hull);
    clusters.set(cluster, hullAt(box, cluster, titleOf(cluster), null));
  }
  if (clusters.size < 2) return [];
  const grown = [...clusters.values()].map((box) => ({ ...box, ...grow(box, CLUSTER_MARGIN) }));
  return isMuddle(grown) ? [] : grown.map((box) => ({ ...box, y0: box.y0 - 12 }));
}

function nameWithoutCluster(scene: Scene): void {
  for (const hull of scene.hulls) {
    hull.title = titleOf(hull.group.slice(hull.group.indexOf("/") + 1));
  }
}

/** Frames round the versions of an app, where they stand together with nothing in between. */
function framesOf(nodes: readonly DrawnNode[]): Hull[] {
  const families = new Map<string, DrawnNode[]>();
  for (const node of nodes) {
    node.framed = false;
    if (node.family === "") continue;
    const family = families.get(node.family);
    if (family === undefined) families.set(node.family, [node]);
    else family.push(node);
  }
  const frames: Hull[] = [];
  for (const family of families.values()) {
    if (family.length < 2) continue;
    const frame = frameOf(family);
    if (!isFrame(frame, family, nodes)) continue;
    for (const node of family) node.framed = true;
    frames.push(frame);
  }
  return frames;
}

function frameOf(family: readonly DrawnNode[]): Hull {
  const boxes = family.map(({ x, y }): Box => ({ x0: x - 40, x1: x + 40, y0: y - 34, y1: y + 48 }));
  const [first] = family;
  const title = titleOf(first?.node.app ?? "");
  return hullAt(boxes.reduce(union), first?.family ?? "", title, null);
}

function isFrame(frame: Hull, family: readonly DrawnNode[], nodes: readonly DrawnNode[]): boolean {
  if (frame.x1 - frame.x0 > LARGEST_FRAME || frame.y1 - frame.y0 > LARGEST_FRAME) return false;
  const isInside = ({ x, y }: DrawnNode) =>
    x > frame.x0 - 20 && x < frame.x1 + 20 && y > frame.y0 - 20 && y < frame.y1 + 20;
  const size = family.length;
  return nodes.filter((node) => isInside(node)).length === size;
}

function isMuddle(boxes: readonly Box[]): boolean {
  const met = boxes.filter((a) => boxes.some((b) => a !== b && overlaps(a, b)));
  return met.length > Math.max(1, boxes.length * MUDDLE);
}

function hullAt(box: Box, group: string, title: string, namespace: string | null): Hull {
  const { x0, y0, x1, y1 } = box;
  return { x0, y0, x1, y1, group, title, namespace, handle: null, sign: null };
}
