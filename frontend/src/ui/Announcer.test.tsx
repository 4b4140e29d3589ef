// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { receive } from "../model/store";
import { delta, node } from "../testing/make";
import { type TestPage, change, show } from "../testing/page";
import { Announcer } from "./Announcer";

const nodes = ["cart", "pay", "ship"].map((id) => node(id));
const said = (page: TestPage) => page.find("[data-changes]").textContent;
const tick = (page: TestPage, seq: number, ...changed: ReturnType<typeof node>[]) =>
  change(() => receive(page.store, delta(seq, { put: { nodes: changed, edges: [] } }), 0));

it("says what became worse in one sentence, however much did", async () => {
  const page = await show(<Announcer />, { nodes });
  expect(said(page)).toBe("");

  await tick(page, 2, node("ship", { health: "degraded" }), node("pay", { health: "failing" }));

  expect(said(page)).toBe("pay: Failing. 1 more got worse");
});

it("says when things are well again, and keeps silent while nothing changes", async () => {
  const page = await show(<Announcer />, { nodes: [node("pay", { health: "failing" })] });

  await tick(page, 2, node("pay"));
  expect(said(page)).toBe("1 recovered");

  await tick(page, 3, node("pay", { latency_ms: { ...node("x").latency_ms, avg: 3 } }));
  expect(said(page)).toBe("1 recovered");
});

it("says what is selected", async () => {
  const page = await show(<Announcer />, { nodes });

  await change(() => (page.store.selection.value = { kind: "node", id: "cart" }));

  expect(page.find("[data-announcer]").textContent).toBe("cart, Healthy selected");
});
