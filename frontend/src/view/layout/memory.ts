import type { Point } from "../../lib/curve";
import { forget, recall, remember } from "../../lib/storage";

const MOST = 5_000;
const PREFIX = "meshviz.places";
/** So many scopes keep their places; each is a few kB of the browser's storage. */
const MOST_SCOPES = 40;
const SCOPES = "meshviz.scopes";

/** How much there was to draw when everything was last laid out anew, and when that began. */
export interface Base {
  nodes: number;
  edges: number;
  /** Unix milliseconds of the first layout; growing pictures keep it. */
  born: number;
}

/** Where the places of one graph type and scope are kept; an empty scope is the whole picture. */
export function memoryKey(graphType: string, scope: readonly string[]): string {
  return [`${PREFIX}.${graphType}`, ...scope].join("/");
}

/** Note that the scope with this key is looked at, and forget those not looked at for longest. */
export function keepNewest(key: string): void {
  const stored = recall(SCOPES);
  const known = Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  const newest = [key, ...known.filter((other) => other !== key)];
  for (const old of newest.slice(MOST_SCOPES)) forget(old);
  remember(SCOPES, newest.slice(0, MOST_SCOPES));
}

/** Remembered places of one graph type: what makes the picture hold still across reloads. */
export class Memory {
  /** True once somebody moved a node by hand: then nothing is laid out anew unasked. */
  touched = false;
  private stored: { base: Base | null; places: Map<string, Point> };
  private lent: ReadonlyMap<string, Point> = new Map();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `whole` lends its places to a picture that was never laid out by itself. */
  constructor(
    private readonly key: string,
    whole: Memory | null = null,
  ) {
    this.stored = read(recall(key));
    // Only all or nothing: places of two layouts put together would lie over each other.
    if (whole !== null && this.stored.places.size === 0) this.lent = whole.stored.places;
  }

  get base(): Base | null {
    return this.stored.base;
  }

  get(id: string): Point | null {
    return this.stored.places.get(id) ?? this.lent.get(id) ?? null;
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
    this.lent = new Map();
    this.stored.base = { nodes, edges, born: this.stored.base?.born ?? now };
    this.saveSoon();
  }

  clear(): void {
    this.touched = false;
    this.lent = new Map();
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
