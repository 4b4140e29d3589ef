import { expect, it } from "vitest";
import { hash, seededRandom } from "./hash";

it("gives the same number for the same text, everywhere", () => {
  expect(hash("")).toBe(0x811c9dc5);
  expect(hash("a")).toBe(0xe40c292c);
});

it("repeats its numbers for the same seed", () => {
  const [a, b] = [seededRandom(7), seededRandom(7)];

  const numbers = Array.from({ length: 50 }, () => a());

  expect(Array.from({ length: 50 }, () => b())).toEqual(numbers);
  expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  expect(new Set(numbers).size).toBe(50);
});
