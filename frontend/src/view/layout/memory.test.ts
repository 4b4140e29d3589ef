// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Memory } from "./memory";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("remembers places across reloads", () => {
  new Memory("places").set("a", { x: 12.4, y: -3.6 });
  vi.runAllTimers();

  expect(new Memory("places").get("a")).toEqual({ x: 12, y: -4 });
  expect(new Memory("elsewhere").get("a")).toBeNull();
});

it("forgets everything when asked", () => {
  const memory = new Memory("places");
  memory.set("a", { x: 1, y: 1 });
  vi.runAllTimers();

  memory.clear();

  expect(memory.get("a")).toBeNull();
  expect(new Memory("places").get("a")).toBeNull();
});

it("remembers how much was laid out, and since when", () => {
  const memory = new Memory("places");
  memory.rebase(3, 2, 1000);
  memory.rebase(9, 8, 5000);
  vi.runAllTimers();

  expect(new Memory("places").base).toEqual({ nodes: 9, edges: 8, born: 1000 });
});

it.each([
  "no JSON",
  "null",
  "[1]",
  '{"places":7,"base":{}}',
  '{"places":{"a":"b","c":[1],"d":["1",2]},"base":{"nodes":"1"}}',
])("starts empty when what is stored is spoilt: %s", (text) => {
  localStorage.setItem("places", text);
  const memory = new Memory("places");

  expect(["a", "c", "d", "0"].map((id) => memory.get(id))).toEqual([null, null, null, null]);
  expect(memory.base).toBeNull();
});
