import type { Point } from "../../lib/curve";
import { forget, recall, remember } from "../../lib/storage";

const MOST = 5_000;

/** How much there was to draw when everything was last laid out anew, and when that began. */
export interface Base {
  nodes: number;
  edges: number;
  /** Unix milliseconds of the first layout; growing pictures keep it. */
  born: number;
}

/** Remembered places of one graph type: what makes the picture hold still across reloads. */
export class Memory {
  /** True once somebody moved a node by hand: then nothing is laid out anew unasked. */
  touched = false;
  private stored: { base: Base | null; places: Map<string, Point> };
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly key: string) {
    this.stored = read(recall(key));
  }

  get base(): Base | null {
    return this.stored.base;
  }

  get(id: string): Point | null {
    return this.stored.places.get(id) ?? null;
  }

  set(id: string, place: Point): void {
    const { places } = this.stored;
    // Deleting first makes it the newest, so that the oldest are the ones to go.
    places.delete(id);
    places.set(id, { x: Math.round(place.x), y: Math.round(place.y) });
    this.saveSoon();
  }

  /** Note that everything is laid out anew for so many nodes and edges. */
  rebase(nodes: number, edges: number, now: number): void {
    this.stored.base = { nodes, edges, born: this.stored.base?.born ?? now };
    this.saveSoon();
  }

  clear(): void {
    this.touched = false;
    this.stored = { base: null, places: new Map() };
    clearTimeout(this.timer);
    forget(this.key);
  }

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 200);
  }

  private save(): void {
    const newest = [...this.stored.places].slice(-MOST);
    const places = Object.fromEntries(newest.map(([id, p]) => [id, [p.x, p.y]]));
    remember(this.key, { base: this.stored.base, places });
  }
}

function read(stored: unknown): { base: Base | null; places: Map<string, Point> } {
  const places = new Map<string, Point>();
  if (!isRecord(stored) || !isRecord(stored.places)) return { base: null, places };
  for (const [id, pair] of Object.entries(stored.places)) {
    if (!Array.isArray(pair)) continue;
    const [x, y] = pair as unknown[];
    if (typeof x === "number" && typeof y === "number") places.set(id, { x, y });
  }
  return { base: readBase(stored.base), places };
}

function readBase(stored: unknown): Base | null {
  if (!isRecord(stored)) return null;
  const { nodes, edges, born } = stored;
  const isWhole = [nodes, edges, born].every((value) => typeof value === "number");
  return isWhole ? (stored as unknown as Base) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
