import { expect, it } from "vitest";
import { parse } from "./parse";
import { isUnfinished } from "./unfinished";

const unfinished = (text: string) => {
  const parsed = parse(text);
  return parsed.ok ? null : isUnfinished(text, parsed.mistake);
};

it.each([
  "hel",
  "source.hea",
  "health =",
  "health = fai",
  "mtls = par",
  "rps > 1.",
  "rps > 10 and",
  "latency.p95 > 5 and heal",
])("waits for more of %s", (text) => {
  // What can be read needs no waiting.
  expect(unfinished(text) ?? true).toBe(true);
});

it.each(["health = fialing", "health = fai ", "rps > many", "helth = failing"])(
  "knows that no more of %s helps",
  (text) => {
    expect(unfinished(text)).toBe(false);
  },
);
