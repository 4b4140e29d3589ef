import type { Point } from "../../lib/curve";
import { clamp } from "../../lib/numbers";
import type { Layout } from "../../model/looks";
import type { DrawnNode, Scene } from "../scene";
import type { Memory } from "./memory";
import {
  type LayoutAnswer,
  type LayoutNode,
  type LayoutRequest,
  type Link,
  OPEN_GROUP,
} from "./types";

/** A graph of which more than this share is new is a new picture, and laid out anew. */
const NEW_PICTURE = 0.25;
/** A mesh that starts shows itself piece by piece; so long its picture may still be put right. */
const YOUNG_MS = 60_000;

/** Asks the worker for places; only the answer to the newest request counts. */
export class LayoutClient {
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
  });
  private ticket = 0;
  private asked: DrawnNode[] = [];

  constructor(private readonly settle: (nodes: DrawnNode[], places: Float32Array) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => this.answered(data);
  }

  get isBusy(): boolean {
    return this.asked.length > 0;
  }

  request(scene: Scene, memory: Memory, layout: Layout, centre: string | null): void {
    const request = layoutRequest(scene, memory, { layout, centre, now: Date.now() });
    this.asked = request.nodes.flatMap(({ id }) => scene.nodes.get(id) ?? []);
    this.ticket += 1;
    this.worker.postMessage({ ...request, ticket: this.ticket } satisfies LayoutRequest);
  }

  stop(): void {
    this.worker.terminate();
  }

  private answered({ ticket, places }: LayoutAnswer): void {
    if (ticket !== this.ticket) return;
    const nodes = this.asked;
    this.asked = [];
    this.settle(nodes, places);
  }
}

/** The width of a letter when a small mesh fills the screen, in the units of the graph. */
const LETTER = 9;

/** How wide a node with its name is. The longest names may be shortened where there is no room. */
function widthOf({ label }: DrawnNode): number {
  return clamp(label.length * LETTER + 12, 84, 210);
}

/** Which layout, round which node when it goes round one, and when. */
export interface Wish {
  layout: Layout;
  centre: string | null;
  /** Unix milliseconds. */
  now: number;
}

/** What to ask: all nodes by id, with the places that must be kept. */
export function layoutRequest(
  scene: Scene,
  memory: Memory,
  { layout, centre, now }: Wish,
): Omit<LayoutRequest, "ticket"> {
  const drawn = [...scene.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const keep = memory.touched || !isNewPicture(scene, memory, now);
  const middle = layout === "concentric" ? (centreOf(scene, centre)?.id ?? null) : null;
  if (!keep) memory.rebase(scene.nodes.size, scene.edges.size, now, middle);
  const several = new Set(drawn.map(({ node }) => node.cluster ?? "")).size > 1;
  // A namespace as one node among others is a group of its own.
  const isOverview = !drawn.some(({ group }) => group !== "" && group !== OPEN_GROUP);
  const nodes = drawn.map((node): LayoutNode => {
    const place = keep ? placeOf(node, memory) : null;
    const cluster = several ? (node.node.cluster ?? "") : "";
    const { id, family } = node;
    const group = node.group === OPEN_GROUP && !isOverview ? OPEN_GROUP + id : node.group;
    return { id, group, family, cluster, width: widthOf(node), place };
  });
  const isYoung = !memory.touched && isYoungPicture(memory, now);
  const centreIndex = drawn.findIndex(({ id }) => id === middle);
  const links = linksBetween(nodes, scene);
  return { layout, centre: Math.max(0, centreIndex), nodes, links, isYoung };
}

/**
 * Neighbours from outside stand where the whole picture has them, far off from what is looked at:
 * they get places of their own.
 */
function placeOf({ id, node }: DrawnNode, memory: Memory): Point | null {
  return node.outside ? memory.own(id) : memory.get(id);
}

/** The node to go round: what is looked at, else the entry point with most traffic. */
function centreOf(scene: Scene, wanted: string | null): DrawnNode | null {
  const chosen = scene.nodes.get(wanted ?? "");
  if (chosen !== undefined) return chosen;
  const called = new Set([...scene.edges.values()].map(({ target }) => target.id));
  // Rings go round somebody: not round those of whom nothing is known.
  const nodes = [...scene.nodes.values()].filter(({ node }) => node.kind !== "outside");
  const entries = nodes.filter(({ id, degree }) => degree > 0 && !called.has(id));
  const rate = ({ node }: DrawnNode) => node.out.rps ?? 0;
  const busiest = (entries.length > 0 ? entries : nodes).sort(
    (a, b) => rate(b) - rate(a) || b.degree - a.degree || (a.id < b.id ? -1 : 1),
  );
  return busiest[0] ?? null;
}

function isNewPicture(scene: Scene, memory: Memory, now: number): boolean {
  const { nodes, edges } = scene;
  const own = [...nodes.values()].filter(({ node }) => !node.outside);
  const missing = own.filter(({ id }) => memory.get(id) === null).length;
  if (missing > own.length * NEW_PICTURE || own.length === 0) return true;
  const { base } = memory;
  if (base === null || !isYoungPicture(memory, now)) return false;
  const limit = 1 + NEW_PICTURE;
  return nodes.size > base.nodes * limit || edges.size > base.edges * limit;
}

function isYoungPicture({ base }: Memory, now: number): boolean {
  return base !== null && now - base.born <= YOUNG_MS;
}

function linksBetween(nodes: readonly LayoutNode[], scene: Scene): Link[] {
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  return [...scene.edges.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ source, target }): Link[] => {
      const from = index.get(source.id);
      const to = index.get(target.id);
      return from === undefined || to === undefined ? [] : [[from, to]];
    });
}
