import type { DrawnNode, Scene } from "../scene";
import type { Memory } from "./memory";
import type { LayoutAnswer, LayoutNode, LayoutRequest, Link } from "./types";

/** A graph that grew by more than this share of itself is a new picture and laid out anew. */
const NEW_PICTURE = 0.34;

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
    const request = layoutRequest(scene, memory);
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
  memory: Pick<Memory, "get" | "touched">,
): Omit<LayoutRequest, "ticket"> {
  const drawn = [...scene.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = drawn.map(({ id }) => memory.get(id));
  const missing = places.filter((place) => place === null).length;
  const keep = memory.touched || missing <= drawn.length * NEW_PICTURE;
  const nodes = drawn.map(({ id, group }, i): LayoutNode => ({
    id,
    group,
    place: keep ? (places[i] ?? null) : null,
  }));
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const links = [...scene.edges.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ source, target }): Link[] => {
      const from = index.get(source.id);
      const to = index.get(target.id);
      return from === undefined || to === undefined ? [] : [[from, to]];
    });
  return { nodes, links };
}
