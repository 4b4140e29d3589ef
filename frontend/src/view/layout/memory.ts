import type { Point } from "../../lib/curve";
import type { Layout } from "../../model/looks";
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

/** What has places of its own: another layout, kind of nodes or scope is another picture. */
export interface Subject {
  layout: Layout;
  graphType: string;
  /** Namespaces; none for the whole picture. */
  scope: readonly string[];
  /** The node that the picture is cut out round; null when it is not. */
  focus: string | null;
}

/** Where the places of one picture are kept. */
export function memoryKey({ layout, graphType, scope, focus }: Subject): string {
  const whole = [`${PREFIX}.${layout}.${graphType}`, ...scope].join("/");
  // Only rings stand otherwise round another node; elsewhere a cutting keeps the whole's places.
  return focus === null || layout !== "concentric" ? whole : `${whole}@${focus}`;
}

/** Note that the scope with this key is looked at, and forget those not looked at for longest. */
export function keepNewest(key: string): void {
  const stored = recall(SCOPES);
  const known = Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
  const newest = [key, ...known.filter((other) => other !== key)];
  for (const old of newest.slice(MOST_SCOPES)) forget(old);
  remember(SCOPES, newest.slice(0, MOST_SCOPES));
}

/** All that a memory holds, as it was at one time. */
export interface Kept {
  readonly base: Base | null;
  readonly places: ReadonlyMap<string, Point>;
  /** Nodes that somebody put where they are. */
  readonly pins: ReadonlySet<string>;
  /** The node that the rings go round, in a concentric layout. */
  readonly centre: string | null;
  /** True for places of a saved view: they count like what was put there by hand. */
  readonly held: boolean;
}

const EMPTY: Kept = {
  base: null,
  places: new Map(),
  pins: new Set(),
  centre: null,
  held: false,
};

/** Remembered places of one picture: what makes it hold still across reloads. */
export class Memory {
  private base_: Base | null;
  private centre_: string | null;
  private held: boolean;
  private places: Map<string, Point>;
  private readonly pins: Set<string>;
  private lent: ReadonlyMap<string, Point> = new Map();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `whole` lends its places to a picture that was never laid out by itself. */
  constructor(
    private readonly key: string,
    whole: Memory | null = null,
  ) {
    const kept = readKept(recall(key));
    this.base_ = kept.base;
    this.centre_ = kept.centre;
    this.held = kept.held;
    this.places = new Map(kept.places);
    this.pins = new Set(kept.pins);
    // Only all or nothing: places of two layouts put together would lie over each other.
    if (whole !== null && this.places.size === 0) this.lent = whole.places;
  }

  get base(): Base | null {
    return this.base_;
  }

  get centre(): string | null {
    return this.centre_;
  }

  /** True once somebody says where nodes stand: then nothing is laid out anew unasked. */
  get touched(): boolean {
    return this.held || this.pins.size > 0;
  }

  get(id: string): Point | null {
    return this.places.get(id) ?? this.lent.get(id) ?? null;
  }

  /** The place in this very picture, not one that is lent. */
  own(id: string): Point | null {
    return this.places.get(id) ?? null;
  }

  isPinned(id: string): boolean {
    return this.pins.has(id);
  }

  set(id: string, place: Point): void {
    // Deleting first makes it the newest, so that the oldest are the ones to go.
    this.places.delete(id);
    this.places.set(id, { x: Math.round(place.x), y: Math.round(place.y) });
    this.saveSoon();
  }

  /** Note that somebody put this node there. */
  pin(id: string, place: Point): void {
    this.pins.add(id);
    this.set(id, place);
  }

  /** Note that everything is laid out anew for so many nodes and edges, round a node or none. */
  rebase(nodes: number, edges: number, now: number, centre: string | null = null): void {
    this.lent = new Map();
    this.base_ = { nodes, edges, born: this.base_?.born ?? now };
    this.centre_ = centre;
    this.saveSoon();
  }

  clear(): void {
    this.restore(EMPTY);
    this.waitNoMore();
    forget(this.key);
  }

  /** What is remembered now, to come back to. */
  kept(): Kept {
    const { base, centre, held } = this;
    return { base, centre, held, places: new Map(this.places), pins: new Set(this.pins) };
  }

  /** True when all of these nodes stand so here. */
  isAt({ places, pins }: Kept): boolean {
    const isThere = ([id, { x, y }]: readonly [string, Point]) => {
      const own = this.places.get(id);
      return own?.x === x && own.y === y;
    };
    return [...places].every(isThere) && [...pins].every((id) => this.pins.has(id));
  }

  /** Remember this instead of anything since. */
  restore({ base, centre, held, places, pins }: Kept): void {
    this.base_ = base;
    this.centre_ = centre;
    this.held = held;
    this.places = new Map(places);
    this.lent = new Map();
    this.pins.clear();
    for (const id of pins) this.pins.add(id);
    this.saveSoon();
  }

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 200);
    // Whoever reloads sooner than that must not lose what was moved last.
    if (typeof window !== "undefined") window.addEventListener("pagehide", this.saveNow);
  }

  /** Write now what would be written soon. */
  readonly saveNow = (): void => {
    if (this.timer !== undefined) this.save();
  };

  private waitNoMore(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (typeof window !== "undefined") window.removeEventListener("pagehide", this.saveNow);
  }

  private save(): void {
    this.waitNoMore();
    const newest = [...this.places].slice(-MOST);
    remember(this.key, writtenKept({ ...this.kept(), places: new Map(newest) }));
  }
}

/** As JSON has it. */
export function writtenKept({ places, pins, ...rest }: Kept): Record<string, unknown> {
  const pairs = [...places].map(([id, { x, y }]) => [id, [x, y]] as const);
  return { ...rest, places: Object.fromEntries(pairs), pins: [...pins] };
}

/** What was written; anything may be in a browser's storage, and what is no place is passed over. */
export function readKept(stored: unknown): Kept {
  const places = new Map<string, Point>();
  if (!isRecord(stored) || !isRecord(stored.places)) return EMPTY;
  for (const [id, pair] of Object.entries(stored.places)) {
    if (!Array.isArray(pair)) continue;
    const [x, y] = pair as unknown[];
    if (typeof x === "number" && typeof y === "number") places.set(id, { x, y });
  }
  const pins = Array.isArray(stored.pins) ? stored.pins : [];
  return {
    base: readBase(stored.base),
    places,
    pins: new Set(pins.filter((id) => typeof id === "string")),
    centre: typeof stored.centre === "string" ? stored.centre : null,
    held: stored.held === true,
  };
}

function readBase(stored: unknown): Base | null {
  if (!isRecord(stored)) return null;
  const { nodes, edges, born } = stored;
  const isWhole = [nodes, edges, born].every((value) => typeof value === "number");
  return isWhole ? (stored as unknown as Base) : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
