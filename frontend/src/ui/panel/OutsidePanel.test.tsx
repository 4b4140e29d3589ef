// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { edge, node, outsider } from "../../testing/make";
import { change, show } from "../../testing/page";
import { Selected } from "./Selected";

const rates = (rps: number) => ({ ...node("x").in, rps });
const frame = {
  nodes: [node("a"), outsider("callers", { out: rates(5) }), outsider("callees", { in: rates(3) })],
  edges: [edge("z/callers", "a", { rps: 5 }), edge("a", "z/callees", { rps: 3 })],
};

async function open(id: string) {
  const page = await show(<Selected />, frame);
  await change(() => (page.store.selection.value = { kind: "node", id }));
  return page;
}

it.each([
  ["z/callers", "Outside: callers", "all callers", "Calls (1)", "5 rps"],
  ["z/callees", "Outside: called", "all that is called", "Called by (1)", "3 rps"],
])("says what %s stands for, and lists its lines", async (id, title, meaning, list, requests) => {
  const page = await open(id);

  expect(page.find("h2").textContent).toBe(title);
  expect(page.text()).toContain("Outside your namespaces");
  expect(page.text()).toContain(meaning);
  expect(page.text()).toContain("is not told");
  expect(page.text()).toContain(list);
  expect(page.find(".tile b").textContent).toBe(requests);
});

it("says nothing of how they are, or of what they do otherwise", async () => {
  const page = await open("z/callers");

  expect(page.root.querySelector(".chip")).toBeNull();
  for (const word of ["Inbound", "Called by", "Namespace", "Identities", "Responses"]) {
    expect(page.text()).not.toContain(word);
  }
});

it("leads to the lines", async () => {
  const page = await open("z/callees");

  await page.click(".edge-list button");

  expect(page.store.selection.value).toEqual({ kind: "edge", id: "a|z/callees|http" });
});
