// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { receive } from "../model/store";
import { edge, facts, node, snapshot } from "../testing/make";
import { type TestPage, change, show } from "../testing/page";
import { ViewOptions } from "./ViewOptions";

const box = (page: TestPage, name: string) => page.find(`input[name=${name}]`) as HTMLInputElement;

async function open(frame = {}): Promise<TestPage> {
  const page = await show(<ViewOptions />, frame);
  await page.click("button");
  return page;
}

describe("the perspective", () => {
  it("is picked, and each is explained", async () => {
    const page = await open();

    await page.click("input[value=client]");

    expect(page.store.view.value.perspective).toBe("client");
    expect(page.find("button").textContent).toBe("Client side");
    expect(page.root.querySelectorAll("fieldset:first-of-type small")).toHaveLength(3);
  });

  it.each(["en", "ja"] as const)("says what stands in for a missing proxy: %s", async (locale) => {
    const page = await open();
    await change(() => (page.store.locale.value = locale));
    const hints = [...page.root.querySelectorAll("fieldset:first-of-type small")];

    for (const hint of hints.slice(1)) {
      expect(hint.textContent).toMatch(locale === "en" ? /stand in\.$/ : /代えます。$/);
    }
  });
});

describe("what else is shown", () => {
  it("is switched on and off, and counted on the button", async () => {
    const page = await open();
    await page.click("input[name=idle]");
    await page.click("input[name=operations]");
    expect(page.store.view.value).toMatchObject({ idle: true, operations: true });
    expect(page.find("button").textContent).toBe("Automatic +2");

    await page.click("input[name=idle]");

    expect(page.store.view.value).toMatchObject({ idle: false, operations: true });
  });

  it("keeps the selection, which is the same thing in the other view", async () => {
    const page = await open();
    page.store.selection.value = { kind: "node", id: "a" };

    await page.click("input[name=idle]");

    expect(page.store.selection.value).toEqual({ kind: "node", id: "a" });
  });

  it("offers no waypoints where nothing ambient reports, and says why", async () => {
    const page = await open();
    expect(box(page, "waypoints").disabled).toBe(false);

    await change(() => {
      page.store.facts.value = facts({ eras: [{ era: "native", series: 1 }] });
    });

    expect(box(page, "waypoints").disabled).toBe(true);
    expect(page.text()).toContain("no waypoint and no ztunnel reports");
  });

  it.each([
    ["a ztunnel reports", { eras: [{ era: "ztunnel" as const, series: 1 }] }, {}],
    [
      "an operator named one",
      { eras: [{ era: "native" as const, series: 1 }] },
      { nodes: [node("w", { kind: "waypoint" })] },
    ],
    [
      "an edge was measured by one",
      { eras: [{ era: "native" as const, series: 1 }] },
      { nodes: [node("a"), node("b")], edges: [edge("a", "b", { reporter: "waypoint" })] },
    ],
  ])("offers waypoints where %s", async (_, known, frame) => {
    const page = await open(frame);
    await change(() => (page.store.facts.value = facts(known)));

    expect(box(page, "waypoints").disabled).toBe(false);
  });

  it("says that the mesh has no operations once it was asked for them, and lets go of them", async () => {
    const page = await open({ nodes: [node("a")] });
    await page.click("input[name=operations]");
    await change(() => receive(page.store, snapshot({ nodes: [node("a")], operations: true }), 0));
    expect(page.text()).toContain("no request has the label request_operation");
    expect(box(page, "operations").disabled).toBe(false);

    await page.click("input[name=operations]");

    expect(page.store.view.value.operations).toBe(false);
  });
});
