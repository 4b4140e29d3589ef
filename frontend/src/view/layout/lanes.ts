import { type Box, around, grow, overlaps, union } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { clamp, mean } from "../../lib/numbers";
import { BOX_MARGIN, byGroup, callsBetween, isLone, packingOrder } from "./groups";
import { byRank, inColumns, layered, neighbours } from "./layered";
import { pack } from "./pack";
import { ranks } from "./ranks";
import { COLUMN, type LayoutNode, type Link, OPEN_GROUP } from "./types";
import { type Units, spread, unitsOf } from "./units";

const GAP = 72;
/** A picture with lanes that is so many times taller than wide is drawn without. */
const TALLEST = 5;
/** The shape of a screen, and how far columns may move apart for it. */
const ASPECT = 1.6;
const WIDEST = 3;

/**
 * Callers left, by the depth of calls in the whole graph: every column is one call further from
 * the entry points. Each namespace is a lane, as wide as the columns that it has nodes in; where
 * lanes would make a tower of a large graph, columns alone remain.
 */
export function inLanes(nodes: readonly LayoutNode[], links: readonly Link[]): Map<number, Point> {
  const all = [...nodes.keys()];
  const units = unitsOf(nodes, all, links);
  const rank = ranks(units.heights.length, units.links);
  const lanes = placeLanes(nodes, links, units, rank);
  const box = lanes.boxes.reduce(union, { x0: 0, y0: 0, x1: 1, y1: 1 });
  if (tallness(box) > TALLEST) return widened(spread(units, inParts(units)));
  return widened(lanes.places, box);
}

/** A wide screen has room for longer lines, and the texts on them. */
function widened(
  places: Map<number, Point>,
  box: Box = grow(around([...places.values()]), BOX_MARGIN),
): Map<number, Point> {
  const step = clamp(tallness(box) * ASPECT, 1, WIDEST);
  return new Map([...places].map(([index, { x, y }]) => [index, { x: x * step, y }]));
}

function tallness({ x0, y0, x1, y1 }: Box): number {
  return (y1 - y0) / (x1 - x0);
}

/** Columns alone: parts that nothing connects are laid out each by itself, and packed. */
function inParts({ heights, widths, links }: Units): Point[] {
  const parts = partsOf(heights.length, links);
  const placed = parts.map((part) => {
    const local = new Map(part.map((unit, i) => [unit, i]));
    const inside = links.flatMap(([a, b]): Link[] => {
      const [from, to] = [local.get(a), local.get(b)];
      return from === undefined || to === undefined ? [] : [[from, to]];
    });
    const own = <T>(all: readonly T[]) => part.flatMap((unit) => all[unit] ?? []);
    return layered({ heights: own(heights), widths: own(widths), links: inside });
  });
  const sizes = placed.map((points) => grow(around(points), BOX_MARGIN));
  const blocks = sizes.map(({ x0, y0, x1, y1 }) => ({ width: x1 - x0, height: y1 - y0, ties: [] }));
  const boxes = pack(blocks, new Map());
  const places: Point[] = [];
  parts.forEach((part, i) => {
    const [own, box] = [sizes[i], boxes.get(i)];
    if (own === undefined || box === undefined) return;
    part.forEach((unit, n) => {
      const { x, y } = placed[i]?.[n] ?? { x: 0, y: 0 };
      places[unit] = { x: x + box.x0 - own.x0, y: y + box.y0 - own.y0 };
    });
  });
  return places;
}

/** Units that calls connect, the largest part first. */
function partsOf(size: number, links: readonly Link[]): number[][] {
  const near = neighbours(size, links);
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let start = 0; start < size; start++) {
    if (seen.has(start)) continue;
    seen.add(start);
    const part = [start];
    for (const unit of part) {
      for (const other of near[unit] ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        part.push(other);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

interface Lane {
  box: Box;
  at: Map<number, Point>;
}

function placeLanes(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  units: Units,
  rank: readonly number[],
): { places: Map<number, Point>; boxes: Box[] } {
  const groups = byGroup(nodes);
  const calls = callsBetween(groups, links);
  const rankOf = new Map(
    units.members.flatMap((members, unit) => members.map((index) => [index, rank[unit] ?? 0])),
  );
  const placed = new Map<string, Lane>();
  for (const name of packingOrder(groups, calls)) {
    const lane = laneOf(name, groups.get(name) ?? [], nodes, links, rankOf);
    const near = calls.flatMap(([from, to]) => {
      const other = from === name ? to : to === name ? from : "";
      const box = placed.get(other)?.box;
      return box === undefined ? [] : [(box.y0 + box.y1) / 2];
    });
    const boxes = [...placed.values()].map(({ box }) => box);
    placed.set(name, lowered(lane, freeSpot(lane.box, boxes, near.length > 0 ? mean(near) : 0)));
  }
  const lanes = [...placed.values()];
  return {
    places: new Map(lanes.flatMap(({ at }) => [...at])),
    boxes: lanes.map(({ box }) => box),
  };
}

/** A group by itself, in the columns of the whole graph. */
function laneOf(
  name: string,
  members: readonly number[],
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  rankOf: ReadonlyMap<number, number>,
): Lane {
  const units = unitsOf(nodes, members, links);
  const own = units.members.map(([first]) => rankOf.get(first ?? 0) ?? 0);
  const least = Math.min(...own);
  const step = name === OPEN_GROUP ? 1.35 : 1;
  const centres = inColumns(units, byRank(own.map((r) => r - least))).map(({ x, y }) => ({
    x: (x + least * COLUMN) * step,
    y: y * (name === OPEN_GROUP ? 1.7 : 1),
  }));
  const at = spread(units, centres);
  const ys = [...at.values()].map(({ y }) => y);
  const xs = [...at.values()].map(({ x }) => x);
  const side = isLone(name) ? COLUMN / 2 - 1 : COLUMN / 2 - 8;
  return {
    at,
    box: {
      x0: Math.min(...xs) - side,
      x1: Math.max(...xs) + side,
      y0: Math.min(...ys) - BOX_MARGIN,
      y1: Math.max(...ys) + BOX_MARGIN,
    },
  };
}

function lowered({ box, at }: Lane, by: number): Lane {
  return {
    box: { ...box, y0: box.y0 + by, y1: box.y1 + by },
    at: new Map([...at].map(([index, { x, y }]) => [index, { x, y: y + by }])),
  };
}

/** How far to move a lane up or down to the free place that is nearest to what it talks to. */
function freeSpot(box: Box, others: readonly Box[], wish: number): number {
  const height = box.y1 - box.y0;
  const inWay = others.filter((other) => other.x0 < box.x1 && box.x0 < other.x1);
  const tops = [wish - height / 2];
  for (const { y0, y1 } of inWay) tops.push(y1 + GAP, y0 - GAP - height);
  let best = 0;
  let least = Infinity;
  for (const top of tops) {
    const roomy = { ...box, y0: top - GAP + 1, y1: top + height + GAP - 1 };
    const far = Math.abs(top + height / 2 - wish);
    if (far < least && !inWay.some((other) => overlaps(roomy, other))) [best, least] = [top, far];
  }
  return best - box.y0;
}
