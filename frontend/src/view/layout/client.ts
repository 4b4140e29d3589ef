import type { DrawnNode, Scene } from "../scene";
import type { Memory } from "./memory";
import type { LayoutAnswer, LayoutNode, LayoutRequest, Link } from "./types";

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

  request(scene: Scene, memory: Memory): void {
    const request = layoutRequest(scene, memory, Date.now());
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

/** What to ask: all nodes by id, with the places that must be kept. */
export function layoutRequest(
  scene: Scene,
  memory: Memory,
  now: number,
): Omit<LayoutRequest, "ticket"> {
  const drawn = [...scene.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const keep = memory.touched || !isNewPicture(scene, memory, now);
  if (!keep) memory.rebase(scene.nodes.size, scene.edges.size, now);
  const nodes = drawn.map(({ id, group }): LayoutNode => ({
    id,
    group,
    place: keep ? memory.get(id) : null,
  }));
  const isYoung = !memory.touched && isYoungPicture(memory, now);
  return { nodes, links: linksBetween(nodes, scene), isYoung };
}

function isNewPicture(scene: Scene, memory: Memory, now: number): boolean {
  const { nodes, edges } = scene;
  const missing = [...nodes.keys()].filter((id) => memory.get(id) === null).length;
  if (missing > nodes.size * NEW_PICTURE) return true;
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
