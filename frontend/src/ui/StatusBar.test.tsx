// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { ANYBODY } from "../model/viewer";
import { edge, node, status } from "../testing/make";
import { change, show } from "../testing/page";
import { StatusBar } from "./StatusBar";

const bar = <StatusBar table={{ isOpen: false, toggle: () => undefined }} />;
const nodes = [node("a")];

it.each([
  ["window_too_short", "The window is too short"],
  ["rejected", "Prometheus refuses the query"],
  ["unreachable", "Prometheus does not answer"],
] as const)("says what keeps new numbers away: %s", async (reason, words) => {
  const page = await show(bar, { nodes, source: status({ state: "stale", reason }) });

  expect(page.find(".source").textContent).toMatch(new RegExp(`^${words}Data`));
});

it("has the server's words under the pointer, in their language", async () => {
  const source = status({
    state: "stale",
    reason: "rejected",
    detail: "HTTP 401.",
    advice: "Log in.",
  });
  const page = await show(bar, { nodes, source });
  await change(() => (page.store.locale.value = "ja"));
  const titled = page.find(".source [title]");

  expect([titled.title, titled.lang]).toEqual(["HTTP 401. Log in.", "en"]);
  expect(titled.querySelector("[lang=ja]")?.textContent).toBe("Prometheus がクエリを拒否しました");
});

it("counts requests once where operations are drawn", async () => {
  const page = await show(bar, {
    nodes: [...nodes, node("GET", { kind: "operation" }), node("b")],
    edges: [edge("a", "GET", { rps: 5 }), edge("GET", "b", { rps: 5 })],
    operations: true,
  });

  expect(page.text()).toContain("Requests 5 rps");
});

it("tells who sees a part of the mesh that they do, and leads to no diagnosis", async () => {
  const page = await show(bar, { nodes });
  expect(page.text()).toContain("Diagnosis");
  expect(page.text()).not.toContain("A part of the mesh");

  await change(() => (page.store.viewer.value = { ...ANYBODY, user: "ada", isLimited: true }));

  expect(page.text()).toContain("A part of the mesh");
  expect(page.text()).not.toContain("Diagnosis");
});
