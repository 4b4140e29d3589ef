import { expect, it } from "vitest";
import { stillness } from "./motion";

const usual = { isReduced: false, isLate: false, edges: 300 };

it("moves by itself as long as it goes well", () => {
  expect(stillness("auto", usual)).toBeNull();
  expect(stillness("auto", { ...usual, isLate: true })).toBe("load");
  expect(stillness("auto", { ...usual, edges: 20_000 })).toBe("load");
});

it("moves whatever it costs when asked to", () => {
  expect(stillness("on", { ...usual, isLate: true, edges: 20_000 })).toBeNull();
});

it("respects a system that asks for less motion", () => {
  expect(stillness("on", { ...usual, isReduced: true })).toBe("reduced");
  expect(stillness("auto", { ...usual, isReduced: true })).toBe("reduced");
});
