/** Where nodes stand, as it is kept with a saved view. */
import type { Point } from "../../lib/curve";
import { LAYOUTS } from "../../model/looks";
import type { Places } from "../../model/saved";
import { type Kept, type Subject, isRecord, readKept, writtenKept } from "./memory";

/** What the server keeps of one view is 256 kB; the rest of it needs a little, too. */
const MOST_BYTES = 250 * 1024;

export interface Saved {
  readonly subject: Subject;
  readonly kept: Kept;
}

/** As JSON has it. What does not fit goes: what nobody placed, the oldest first. */
export function writtenSaved({ subject, kept }: Saved): Places {
  const { places, pins } = fitting(kept);
  // What was laid out when is of no use elsewhere.
  return { subject, kept: writtenKept({ ...kept, base: null, places, pins }) };
}

/** What was written, by this page or by anybody who shares a view; null where it says nothing. */
export function readSaved(stored: unknown): Saved | null {
  if (!isRecord(stored)) return null;
  const subject = readSubject(stored.subject);
  const kept = readKept(stored.kept);
  return subject === null || kept.places.size === 0 ? null : { subject, kept };
}

function readSubject(stored: unknown): Subject | null {
  if (!isRecord(stored)) return null;
  const { graphType, scope, focus } = stored;
  const layout = LAYOUTS.find((each) => each === stored.layout);
  const isKnown = layout !== undefined && typeof graphType === "string" && Array.isArray(scope);
  if (!isKnown || !scope.every((each) => typeof each === "string")) return null;
  return { layout, graphType, scope, focus: typeof focus === "string" ? focus : null };
}

function fitting({ places, pins }: Kept): Pick<Kept, "places" | "pins"> {
  const all = [...places].reverse();
  const byWeight = [...all.filter(([id]) => pins.has(id)), ...all.filter(([id]) => !pins.has(id))];
  const fits: [string, Point][] = [];
  let bytes = 0;
  for (const [id, place] of byWeight) {
    bytes += bytesOf(id) * (pins.has(id) ? 2 : 1) + `[${place.x},${place.y}]`.length + 8;
    if (bytes > MOST_BYTES) break;
    fits.push([id, place]);
  }
  // In the order of before: the newest last.
  const left = new Map(fits);
  const inOrder = [...places].filter(([id]) => left.has(id));
  return { places: new Map(inOrder), pins: new Set([...pins].filter((id) => left.has(id))) };
}

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(JSON.stringify(text)).length;
}
