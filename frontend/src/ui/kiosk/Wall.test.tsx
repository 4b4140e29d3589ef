// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { edge, node } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import { WallFoot, WallHead } from "./Wall";

const frame = {
  scope: ["shop"],
  nodes: ["a", "b", "c", "d", "e"].map((id) => node(id)),
  edges: ["b", "c", "d", "e"].map((id, i) =>
    edge("a", id, { health: "failing", error_ratio: 0.4 - i / 10 }),
  ),
};
const wall = (
  <>
    <WallHead />
    <WallFoot />
  </>
);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const buttons = (page: TestPage) => page.find(".wall-buttons").classList;

it("says which picture it is, how it is, and how old", async () => {
  const page = await show(wall, frame);
  await change(() => (page.store.now.value = 3000));

  expect(page.text()).toContain("shop");
  expect(page.text()).toContain("Edges that need attention 4");
  expect(page.text()).toContain("Data 4 s old");
  expect(page.find(".wall-clock").textContent).toMatch(/^\d\d:\d\d:03$/);
});

it("shows the worst edges first, and all of them in turn", async () => {
  const page = await show(wall, frame);
  const names = () => [...page.root.querySelectorAll("li b")].map((name) => name.textContent);
  expect(names()).toEqual(["a to b", "a to c", "a to d"]);
  expect(page.text()).toContain("1 to 3 of 4");

  await change(() => (page.store.now.value = 8000));

  expect(names()).toEqual(["a to e"]);
});

it("is glad when nothing fails, and shows what is slow instead", async () => {
  const slow = { avg: 1, p50: 1, p90: 1, p95: 700, p99: 900 };
  const page = await show(wall, { edges: [edge("a", "b", { latency_ms: slow })] });

  expect(page.text()).toContain("No edge fails or is degraded.");
  expect(page.text()).toContain("p95 700 ms");
});

it("takes its buttons back while nobody moves anything", async () => {
  const page = await show(wall, frame);
  expect(buttons(page)).not.toContain("wall-quiet");

  await change(() => vi.advanceTimersByTime(5000));
  expect([...buttons(page)]).toContain("wall-quiet");
  expect(document.documentElement.className).toBe("quiet-pointer");

  await change(() => document.dispatchEvent(new Event("pointermove")));
  expect([...buttons(page)]).not.toContain("wall-quiet");
});

it("keeps the screen awake, again after the tab was hidden, and lets go at the end", async () => {
  const release = vi.fn(() => Promise.resolve());
  const request = vi.fn(() => Promise.resolve({ release }));
  vi.stubGlobal("navigator", { wakeLock: { request }, language: "en" });
  const page = await show(wall, frame);
  expect(request).toHaveBeenCalledTimes(1);

  document.dispatchEvent(new Event("visibilitychange"));
  expect(request).toHaveBeenCalledTimes(2);

  await change(() => render(null, page.root));
  await vi.advanceTimersByTimeAsync(0);
  vi.unstubAllGlobals();
  expect(release).toHaveBeenCalled();
});

it("shows saved views in turn, and leaves no other trace of them", async () => {
  localStorage.clear();
  const page = await show(wall, frame);
  await page.commands.shelf.add({ name: "apps", query: "?type=app&node=a", shared: false });
  await page.commands.shelf.add({
    name: "shop",
    query: "?namespace=shop&camera=1,2,3",
    shared: false,
    places: { shop: 1 },
  });
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    await change(() => undefined);
  };
  const title = () => page.find("h1").textContent;

  await change(() => {
    page.store.looks.value = { ...page.store.looks.value, kiosk: true, cycleS: 10 };
  });
  await pass(0);
  expect(title()).toBe("apps");
  expect(page.store.view.value.graphType).toBe("app");
  expect(page.store.selection.value).toBeNull();

  await pass(10_000);
  expect(title()).toBe("shop");
  expect(page.store.view.value.namespaces).toEqual(["shop"]);
  expect(page.store.looks.value).toMatchObject({ kiosk: true, cycleS: 10, camera: null });
  // The nodes stand where they stood; the view before had nothing to say of that.
  expect(page.commands.given).toEqual(['place {"shop":1}']);

  await pass(10_000);
  expect(title()).toBe("apps");
});

it("turns no more from the moment that it is left", async () => {
  localStorage.clear();
  const page = await show(wall, frame);
  await page.commands.shelf.add({ name: "apps", query: "?type=app", shared: false });
  await page.commands.shelf.add({ name: "shop", query: "?namespace=shop", shared: false });
  const every = vi.spyOn(globalThis, "setInterval");
  await change(() => {
    page.store.looks.value = { ...page.store.looks.value, kiosk: true, cycleS: 10 };
  });
  await vi.advanceTimersByTimeAsync(0);
  const turn = every.mock.calls.find(([, ms]) => ms === 10_000)?.[0] as () => void;
  every.mockRestore();

  // A page that was asleep runs the turn that was due before it paints.
  render(null, page.root);
  turn();
  await vi.advanceTimersByTimeAsync(0);

  expect(page.store.view.value.graphType).toBe("app");
});

it("stays with what it shows while the views cannot be had", async () => {
  const page = await show(wall, frame);
  page.commands.shelf.list = () => Promise.reject(new Error("offline"));

  await page.click(".wall-buttons button");

  expect(page.store.looks.value.cycleS).toBe(30);
  expect(page.find("h1").textContent).toBe("shop");
});
