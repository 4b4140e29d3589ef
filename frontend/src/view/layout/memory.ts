import type { Point } from "../../lib/curve";
import { forget, recall, remember } from "../../lib/storage";

const MOST = 5_000;

/** Remembered places of one graph type: what makes the picture hold still across reloads. */
export class Memory {
  /** True once somebody moved a node by hand: then nothing is laid out anew unasked. */
  touched = false;
  private places: Map<string, Point>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly key: string) {
    this.places = read(key);
  }

  get(id: string): Point | null {
    return this.places.get(id) ?? null;
  }

  set(id: string, place: Point): void {
    // Deleting first makes it the newest, so that the oldest are the ones to go.
    this.places.delete(id);
    this.places.set(id, { x: Math.round(place.x), y: Math.round(place.y) });
    this.saveSoon();
  }

  clear(): void {
    this.touched = false;
    this.places = new Map();
    clearTimeout(this.timer);
    forget(this.key);
  }

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 200);
  }

  private save(): void {
    const newest = [...this.places].slice(-MOST);
    remember(this.key, Object.fromEntries(newest.map(([id, p]) => [id, [p.x, p.y]])));
  }
}

function read(key: string): Map<string, Point> {
  const stored = recall(key);
  const places = new Map<string, Point>();
  if (typeof stored !== "object" || stored === null) return places;
  for (const [id, pair] of Object.entries(stored)) {
    if (!Array.isArray(pair)) continue;
    const [x, y] = pair as unknown[];
    if (typeof x === "number" && typeof y === "number") places.set(id, { x, y });
  }
  return places;
}
