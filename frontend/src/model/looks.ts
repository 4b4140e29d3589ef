import { clamp } from "../lib/numbers";

/** How the picture is drawn and where the viewer stands: what an address carries beside the view. */

export const LAYOUTS = ["force", "layered", "concentric", "grid"] as const;
export type Layout = (typeof LAYOUTS)[number];
/** Whether dots move: always, never, or as long as there are not too many. */
export const MOTIONS = ["auto", "on", "off"] as const;
export type Motion = (typeof MOTIONS)[number];

const SHORTEST_CYCLE_S = 5;
const LONGEST_CYCLE_S = 3600;
/** Why dots do not move: the system asks for less motion, or they are too many for this machine. */
export type Stillness = "reduced" | "load";

/** The point of the graph in the middle of the screen, and pixels per unit. */
export interface Viewpoint {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Looks {
  readonly layout: Layout;
  readonly motion: Motion;
  /** Where somebody moved the camera; null while it shows everything by itself. */
  readonly camera: Viewpoint | null;
  /** A wall: no controls, large type, saved views in turn. */
  readonly kiosk: boolean;
  /** How long it shows each of them, in seconds; null while it stays with one. */
  readonly cycleS: number | null;
  /** The node or edge whose own page is open. */
  readonly open: string | null;
  /** How far back the charts of that page look. */
  readonly range: string;
  /** The versions that are held against each other there: none, or two. */
  readonly compare: readonly string[];
}

export const USUAL_LOOKS: Looks = {
  layout: "force",
  motion: "auto",
  camera: null,
  kiosk: false,
  cycleS: null,
  open: null,
  range: "15m",
  compare: [],
};

export function looksOf(params: URLSearchParams): Looks {
  return {
    layout: LAYOUTS.find((layout) => layout === params.get("layout")) ?? USUAL_LOOKS.layout,
    motion: MOTIONS.find((motion) => motion === params.get("motion")) ?? USUAL_LOOKS.motion,
    camera: viewpointOf(params.get("camera")),
    kiosk: params.get("kiosk") === "true",
    cycleS: cycleOf(params.get("cycle")),
    open: params.get("open") ?? USUAL_LOOKS.open,
    range: params.get("range") ?? USUAL_LOOKS.range,
    compare: pairOf(params.getAll("compare")),
  };
}

/** Read a number of seconds; nobody can read a picture that is gone sooner. */
function cycleOf(text: string | null): number | null {
  const seconds = Math.round(Number(text ?? ""));
  return seconds > 0 ? clamp(seconds, SHORTEST_CYCLE_S, LONGEST_CYCLE_S) : null;
}

function pairOf(versions: readonly string[]): readonly string[] {
  return versions.length === 2 ? versions : USUAL_LOOKS.compare;
}

/** Read "x,y,zoom". */
function viewpointOf(text: string | null): Viewpoint | null {
  const [x, y, k, ...rest] = (text ?? "")
    .split(",")
    .map((part) => (part === "" ? NaN : Number(part)));
  if (x === undefined || y === undefined || k === undefined || rest.length > 0) return null;
  return [x, y, k].every(Number.isFinite) && k > 0 ? { x, y, k } : null;
}

/** Write the looks into an address; what is usual goes unsaid. */
export function putLooks(params: URLSearchParams, looks: Looks): void {
  if (looks.layout !== USUAL_LOOKS.layout) params.set("layout", looks.layout);
  if (looks.motion !== USUAL_LOOKS.motion) params.set("motion", looks.motion);
  if (looks.camera !== null) params.set("camera", written(looks.camera));
  if (looks.kiosk) params.set("kiosk", "true");
  if (looks.cycleS !== null) params.set("cycle", String(looks.cycleS));
  if (looks.open !== null) params.set("open", looks.open);
  if (looks.range !== USUAL_LOOKS.range) params.set("range", looks.range);
  for (const version of looks.compare) params.append("compare", version);
}

function written({ x, y, k }: Viewpoint): string {
  return `${Math.round(x)},${Math.round(y)},${Number(k.toPrecision(3))}`;
}
