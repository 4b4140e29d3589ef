/**
 * Where every node goes.
 *
 * 1. Nodes that have a place keep it, exactly.
 * 2. Where nothing has a place, the chosen layout decides; what it leaves open comes like newcomers.
 * 3. Newcomers to a placed picture join it, whatever its layout: a group (namespace) of which
 *    nothing is placed yet as a block beside the others, the rest beside their neighbours.
 *
 * The same input gives the same picture in every browser.
 */
import { overlaps } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { placeBlocks } from "./blocks";
import { inRings } from "./concentric";
import { forced } from "./force";
import { boxesOf, byGroup, isBoxed } from "./groups";
import { inLanes } from "./lanes";
import { layered } from "./layered";
import { joinNewcomers } from "./newcomers";
import type { LayoutNode, LayoutRequest } from "./types";

type Request = Omit<LayoutRequest, "ticket">;

/** Like `layout`; a young picture whose newcomers pushed boxes into each other is laid out anew. */
export function arranged(request: Request): Float32Array {
  const places = layout(request);
  if (!request.isYoung || !hasBoxes(request) || !hasMetBoxes(request.nodes, places)) return places;
  return layout({
    ...request,
    nodes: request.nodes.map((node) => ({ ...node, place: null })),
  });
}

/** True for layouts that keep the boxes of namespaces apart. */
function hasBoxes({ layout }: Request): boolean {
  return layout === "force" || layout === "grid";
}

function hasMetBoxes(nodes: readonly LayoutNode[], places: Float32Array): boolean {
  const points = nodes.map((_, i) => ({ x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 }));
  const boxes = [...boxesOf(byGroup(nodes), points)].filter(([group]) => isBoxed(group));
  return boxes.some(([, a], i) => boxes.slice(i + 1).some(([, b]) => overlaps(a, b)));
}

export function layout(request: Omit<Request, "isYoung">): Float32Array {
  const { nodes, links } = request;
  const places = nodes.map((node) => node.place);
  if (places.every((place) => place === null)) placeAll(request, places);
  if (places.includes(null)) {
    placeBlocks(nodes, links, places, request.layout === "grid" ? layered : forced);
    const missing = [...nodes.keys()].filter((i) => places[i] === null);
    joinNewcomers(nodes, links, places, missing);
  }
  return Float32Array.from(places.flatMap((p) => [p?.x ?? 0, p?.y ?? 0]));
}

function placeAll(request: Omit<Request, "isYoung">, places: (Point | null)[]): void {
  const { nodes, links, centre } = request;
  switch (request.layout) {
    case "force":
      placeBlocks(nodes, links, places, forced);
      return;
    case "grid":
      placeBlocks(nodes, links, places, layered);
      return;
    case "layered":
      for (const [index, place] of inLanes(nodes, links)) places[index] = place;
      return;
    case "concentric":
      for (const [index, place] of inRings(nodes, links, centre)) places[index] = place;
  }
}
