import {
  type SimulationLinkDatum,
  type SimulationNodeDatum,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
} from "d3-force";
import type { Point } from "../../lib/curve";
import { seededRandom } from "../../lib/hash";
import { type Columned, layered } from "./layered";
import { separate } from "./separate";
import { COLUMN, type Link, ROW } from "./types";

type Body = SimulationNodeDatum & Point & { reach: number };

/** Texts are wide and low: forces work on a picture that is stretched, so that circles fit. */
const STRETCH = 1.3;
/** Half the distance between nodes that touch, in the stretched picture. */
const REACH = (ROW * STRETCH) / 2;
const TICKS = 140;
const DECAY = 1 - Math.pow(0.001, 1 / TICKS);

/**
 * Places for one group by forces: calls are springs, nodes push each other off, and callees drift
 * right of their callers. It starts from the columns of the layered layout, which leaves few
 * crossings to the forces, and has no chance in it: the same every time.
 */
export function forced(columned: Columned): Point[] {
  const { links, heights, widths } = columned;
  const start = layered(columned);
  const bodies = start.map(({ x, y }, i): Body => {
    const reach = Math.max(REACH, ((heights[i] ?? ROW) * STRETCH) / 2);
    return { x, y: y * STRETCH, reach };
  });
  relax(bodies, links);
  const places = bodies.map(({ x, y }) => ({ x, y: y / STRETCH }));
  separate(places, widths, heights);
  return places;
}

function relax(bodies: Body[], links: readonly Link[]): void {
  const springs = links.map(([source, target]): SimulationLinkDatum<Body> => ({ source, target }));
  const degree = bodies.map(() => 0);
  for (const [a, b] of links) for (const end of [a, b]) degree[end] = (degree[end] ?? 0) + 1;
  // What hubs talk to would be drawn into one heap.
  const stiffness = links.map(
    ([a, b]) => 0.7 / Math.max(1, Math.min(degree[a] ?? 1, degree[b] ?? 1) ** 1.3),
  );
  // Callees of callees in a large group would fill a band; gravity rounds it off to a screen.
  const pull = 0.03 + 0.4 / Math.max(8, bodies.length);
  forceSimulation(bodies)
    .randomSource(seededRandom(1))
    .force(
      "push",
      forceManyBody<Body>()
        .strength(-900)
        .distanceMax(5 * COLUMN),
    )
    .force(
      "spring",
      forceLink(springs)
        .distance(COLUMN * 0.9)
        .strength((_, index) => stiffness[index] ?? 0),
    )
    .force("flow", flow(bodies, links))
    .force("x", forceX<Body>(0).strength(pull * 0.7))
    .force("y", forceY<Body>(0).strength(pull))
    .force("apart", forceCollide<Body>((body) => body.reach).iterations(3))
    .alphaDecay(DECAY)
    .velocityDecay(0.5)
    .stop()
    .tick(TICKS);
}

/** A push of callees to the right of their callers, until they are a good step apart. */
function flow(bodies: readonly Body[], links: readonly Link[]) {
  const step = COLUMN * 0.85;
  return (alpha: number) => {
    for (const [source, target] of links) {
      const a = bodies[source];
      const b = bodies[target];
      if (a === undefined || b === undefined) continue;
      const lack = step - (b.x - a.x);
      if (lack <= 0) continue;
      const push = Math.min(lack, step) * 0.12 * alpha;
      a.vx = (a.vx ?? 0) - push;
      b.vx = (b.vx ?? 0) + push;
    }
  };
}
