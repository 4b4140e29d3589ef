import {
  type SimulationNodeDatum,
  forceCollide,
  forceLink,
  forceSimulation,
  forceX,
  forceY,
} from "d3-force";
import type { Point } from "../../lib/curve";
import { hash, seededRandom } from "../../lib/hash";
import { clamp, mean } from "../../lib/numbers";
import { COLUMN, type LayoutNode, type Link, ROW } from "./types";

interface Body extends SimulationNodeDatum {
  home: Point;
}

const TICKS = 90;

/**
 * Give every index in `joining` a place: beside its neighbours, callees right of callers, then
 * relaxed by forces. Nodes that had a place are pinned and do not move at all.
 */
export function joinNewcomers(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: (Point | null)[],
  joining: readonly number[],
): void {
  if (joining.length === 0) return;
  const homes = new Map(joining.map((index) => [index, home(index, nodes, links, places)]));
  const bodies = nodes.map((_, i) => body(places[i] ?? null, homes.get(i)));
  // Springs to other groups would only pull their box out of shape.
  relax(
    bodies,
    links.filter(([a, b]) => nodes[a]?.group === nodes[b]?.group),
  );
  for (const index of joining) {
    const settled = bodies[index];
    places[index] = { x: settled?.x ?? 0, y: settled?.y ?? 0 };
  }
}

function body(pinned: Point | null, start: Point | undefined): Body {
  if (pinned !== null) return { ...pinned, fx: pinned.x, fy: pinned.y, home: pinned };
  const home = start ?? { x: 0, y: 0 };
  return { ...home, home };
}

function relax(bodies: Body[], links: readonly Link[]): void {
  const springs = links.map(([source, target]) => ({ source, target }));
  const simulation = forceSimulation(bodies)
    .randomSource(seededRandom(1))
    .force("collide", forceCollide<Body>(ROW * 0.52).iterations(2))
    .force(
      "link",
      forceLink(springs)
        .distance(COLUMN * 0.8)
        .strength(0.08),
    )
    .force("x", forceX<Body>((d) => d.home.x).strength(0.25))
    .force("y", forceY<Body>((d) => d.home.y).strength(0.25))
    .alphaDecay(0.03)
    .stop();
  simulation.tick(TICKS);
}

function home(
  index: number,
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: readonly (Point | null)[],
): Point {
  const around = links.flatMap(([source, target]) => {
    const other = source === index ? target : target === index ? source : -1;
    const at = places[other];
    // A callee goes one column right of its caller.
    return at ? [{ x: at.x + (source === index ? -COLUMN : COLUMN), y: at.y }] : [];
  });
  const mates = groupmates(index, nodes, places);
  const anchors = around.length > 0 ? around : mates;
  // Two newcomers with the same neighbours must not start on the same spot.
  const nudge = (hash(nodes[index]?.id ?? "") / 0xffffffff - 0.5) * ROW;
  const wish = { x: mean(anchors.map((p) => p.x)), y: mean(anchors.map((p) => p.y)) + nudge };
  return mates.length > 0 ? beside(wish, mates) : wish;
}

/** The nearest point to `wish` that does not stretch the group's box by more than a place. */
function beside(wish: Point, mates: readonly Point[]): Point {
  const xs = mates.map((p) => p.x);
  const ys = mates.map((p) => p.y);
  return {
    x: clamp(wish.x, Math.min(...xs) - COLUMN / 2, Math.max(...xs) + COLUMN / 2),
    y: clamp(wish.y, Math.min(...ys) - ROW / 2, Math.max(...ys) + ROW / 2),
  };
}

function groupmates(
  index: number,
  nodes: readonly LayoutNode[],
  places: readonly (Point | null)[],
): Point[] {
  const group = nodes[index]?.group;
  if (group === "") return [];
  return places.filter((place, i): place is Point => place !== null && nodes[i]?.group === group);
}
