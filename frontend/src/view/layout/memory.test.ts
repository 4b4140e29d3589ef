// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Memory, keepNewest, memoryKey } from "./memory";

const key = (scope: readonly string[]) =>
  memoryKey({ layout: "force", graphType: "app", scope, focus: null });

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

it("lends the places of the whole picture to a scope that was never laid out", () => {
  const whole = new Memory(key([]));
  whole.set("a", { x: 1, y: 1 });
  const scope = new Memory(key(["shop"]), whole);
  expect(scope.get("a")).toEqual({ x: 1, y: 1 });

  scope.rebase(1, 0, 0);

  expect(scope.get("a")).toBeNull();
});

it("never mixes the places of two layouts", () => {
  const whole = new Memory(key([]));
  whole.set("a", { x: 1, y: 1 });
  new Memory(key(["shop"])).set("b", { x: 2, y: 2 });
  vi.runAllTimers();

  expect(new Memory(key(["shop"]), whole).get("a")).toBeNull();
});

it("forgets the scope that was not looked at for longest", () => {
  for (let i = 0; i <= 40; i++) {
    const own = key([`n${i}`]);
    new Memory(own).set("a", { x: i, y: i });
    vi.runAllTimers();
    keepNewest(own);
    keepNewest(key(["n1"]));
  }

  const place = (i: number) => new Memory(key([`n${i}`])).get("a");
  expect([0, 1, 2, 40].map(place)).toEqual([
    null,
    { x: 1, y: 1 },
    { x: 2, y: 2 },
    { x: 40, y: 40 },
  ]);
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

it("remembers what somebody put where it is", () => {
  new Memory("places").pin("a", { x: 1, y: 1 });
  vi.runAllTimers();

  const again = new Memory("places");
  expect(again.touched).toBe(true);
  expect(again.isPinned("a")).toBe(true);
  expect(again.isPinned("b")).toBe(false);
});

it("goes back to what it held before", () => {
  const memory = new Memory("places");
  memory.set("a", { x: 1, y: 1 });
  const before = memory.kept();
  memory.pin("a", { x: 5, y: 5 });

  memory.restore(before);

  expect(memory.get("a")).toEqual({ x: 1, y: 1 });
  expect(memory.touched).toBe(false);
});

it("counts places of a saved view like what was put there by hand", () => {
  const memory = new Memory("places");
  memory.set("a", { x: 1, y: 1 });
  memory.restore({ ...memory.kept(), held: true });
  vi.runAllTimers();

  expect(new Memory("places").touched).toBe(true);
  memory.clear();
  expect(memory.touched).toBe(false);
});

it("knows whether everything stands where it did", () => {
  const memory = new Memory("places");
  memory.pin("a", { x: 1, y: 1 });
  const before = memory.kept();
  memory.set("b", { x: 2, y: 2 });
  expect(memory.isAt(before)).toBe(true);

  memory.set("a", { x: 3, y: 1 });

  expect(memory.isAt(before)).toBe(false);
});

it("keeps the places of every layout apart, and of rings round every node", () => {
  const subject = { graphType: "app", scope: [], focus: "a" } as const;
  const keys = (["force", "layered", "concentric", "grid"] as const).map((layout) =>
    memoryKey({ ...subject, layout }),
  );

  expect(new Set(keys).size).toBe(4);
  expect(memoryKey({ ...subject, layout: "force", focus: "b" })).toBe(keys[0]);
  expect(memoryKey({ ...subject, layout: "concentric", focus: "b" })).not.toBe(keys[2]);
});
