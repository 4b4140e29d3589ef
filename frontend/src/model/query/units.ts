import type { FieldType } from "./fields";

/** The unit that numbers of a type are printed in, and how many of it others are. */
const UNITS: Readonly<Partial<Record<FieldType, Readonly<Record<string, number>>>>> = {
  share: { "%": 1 },
  duration: { ms: 1, us: 0.001, µs: 0.001, s: 1000, m: 60_000, min: 60_000 },
  // Decimal, as the page writes bytes; KiB and its like for those who mean 1024.
  bytes: {
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    KiB: 1024,
    MiB: 1024 ** 2,
    GiB: 1024 ** 3,
    bps: 1,
    kbps: 1e3,
  },
  rate: { rps: 1, mps: 1, "/s": 1, k: 1e3, krps: 1e3, M: 1e6 },
  count: { k: 1e3 },
};

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(.*)$/i;

export type Reading =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "unit"; readonly unit: string }
  | { readonly kind: "text" };

/** A number with or without a unit, in the unit that its type is written in. */
export function readNumber(text: string, type: FieldType): Reading {
  const match = NUMBER.exec(text);
  if (match === null) return { kind: "text" };
  const unit = (match[2] ?? "").trim();
  const factor = unit === "" ? 1 : factorOf(unit, type);
  if (factor === undefined) return { kind: "unit", unit };
  return { kind: "number", value: Number(match[1]) * factor };
}

function factorOf(unit: string, type: FieldType): number | undefined {
  const units = UNITS[type] ?? {};
  const bare = type === "bytes" ? unit.replace(/\/s$/, "") : unit;
  // Case tells nothing apart here: no unit's other spelling means something else.
  const name = Object.keys(units).find((each) => each.toLowerCase() === bare.toLowerCase());
  return name === undefined ? undefined : units[name];
}

export function unitsOf(type: FieldType): readonly string[] {
  return Object.keys(UNITS[type] ?? {});
}

export function isUnit(text: string, type: FieldType): boolean {
  return factorOf(text, type) !== undefined;
}

/** The unit that a printed number needs, so that it reads as what it is. */
export function printedUnit(type: FieldType): string {
  return type === "rate" || type === "count" ? "" : (unitsOf(type)[0] ?? "");
}
