import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DASHES } from "../view/draw/edges";

const TEXT = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const [dark = "", light = ""] = TEXT.split('[data-theme="light"]');
const themes = { dark, light };

/** A colour of the style sheet, as linear light. */
function lightOf(theme: string, name: string): number[] {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(theme)?.[1] ?? "";
  expect(hex, name).not.toBe("");
  return [0, 2, 4].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

// How linear light looks to those who lack one kind of cones (Machado, Oliveira, Fernandes 2009).
const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function seen(colour: readonly number[], sight: string): number[] {
  const rows = SIGHTS[sight] ?? [];
  return rows.map((row) => row.reduce((sum, part, i) => sum + part * (colour[i] ?? 0), 0));
}

/** CIE Lab of linear light, in which distances are about as large as they look. */
function lab(colour: readonly number[]): number[] {
  const [r = 0, g = 0, b = 0] = colour.map((part) => Math.min(1, Math.max(0, part)));
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...lab(a).map((part, i) => part - (lab(b)[i] ?? 0)));
}

// Twice what is seen at a glance between two lines that are apart.
const APART = 20;
const PAIRS = [
  ["healthy", "failing"],
  ["healthy", "degraded"],
  ["degraded", "failing"],
  ["healthy", "tcp"],
  ["failing", "tcp"],
  ["failing", "idle"],
] as const;

describe.each(Object.entries(themes))("colours of health, %s", (_, theme) => {
  it.each(Object.keys(SIGHTS))("are apart for eyes with %s", (sight) => {
    for (const [one, other] of PAIRS) {
      const [a, b] = [seen(lightOf(theme, one), sight), seen(lightOf(theme, other), sight)];
      expect(distance(a, b), `${one} and ${other}`).toBeGreaterThan(APART);
    }
  });
});

it("tells every state of trouble by the line's shape as well", () => {
  const shapes = (["healthy", "degraded", "failing", "idle"] as const).map((health) =>
    DASHES[health].join(),
  );

  expect(new Set(shapes).size).toBe(4);
});
