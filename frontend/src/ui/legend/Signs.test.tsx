// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { change, show } from "../../testing/page";
import { Signs } from "./Signs";

const frame = {
  nodes: [node("a"), node("b", { kind: "gateway", version: "v1" })],
  edges: [edge("a", "b"), edge("b", "a", { mtls: { state: "plaintext" as const, ratio: 0 } })],
};

it("explains what is on the screen and nothing else", async () => {
  const page = await show(<Signs />, frame);
  const said = [...page.root.querySelectorAll("li")].map((entry) => entry.textContent);

  expect(said).toEqual([
    "Healthy",
    "Line width: amount of traffic",
    "Workload",
    "Gateway",
    "Healthy",
    "v1Version",
    "Requests; the busier, the denser. Slow responses move slowly.",
    "Mutual TLS",
    "Plain text",
  ]);
});

it("says nothing of dots that do not move, nor of locks that are not drawn", async () => {
  const page = await show(<Signs />, frame);

  await change(() => {
    page.store.looks.value = { ...page.store.looks.value, motion: "off" };
    page.store.labels.value = ["rps"];
  });

  const titles = [...page.root.querySelectorAll("h3")].map((title) => title.textContent);
  expect(titles).toEqual(["Edges", "Nodes"]);
});

it("explains no dots while they stand still, for whatever reason", async () => {
  const page = await show(<Signs />, frame);
  const hasDots = () => page.root.querySelector(".mark-dot") !== null;
  expect(hasDots()).toBe(true);

  await change(() => (page.store.still.value = "reduced"));
  expect(hasDots()).toBe(false);
  await change(() => (page.store.still.value = null));
  expect(hasDots()).toBe(true);
  await change(() => (page.store.paused.value = true));
  expect(hasDots()).toBe(false);
});

it("follows the picture", async () => {
  const page = await show(<Signs />, frame);

  await change(() => (page.store.mesh.value = { ...page.store.mesh.value, edges: new Map() }));

  expect(page.text()).not.toContain("Mutual TLS");
});
