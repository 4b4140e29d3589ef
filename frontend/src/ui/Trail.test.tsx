// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { DEFAULT_VIEW } from "../model/view";
import { node } from "../testing/make";
import { change, show } from "../testing/page";
import { handleKey } from "./keys";
import { Selected } from "./panel/Selected";
import { Trail } from "./Trail";

const nodes = [
  node("n/shop", { kind: "namespace", name: "shop", namespace: "shop" }),
  node("n/pay", { kind: "namespace", name: "pay", namespace: "pay" }),
];
const overview = {
  asked: "versioned_app" as const,
  nodes: 12_340,
  edges: 30_000,
  most_nodes: 1500,
  most_edges: 5000,
};

it("is silent where everything is drawn", async () => {
  expect((await show(<Trail />, { nodes: [node("a")] })).text()).toBe("");
});

it("says why namespaces are drawn, and how to go on, in both languages", async () => {
  const page = await show(<Trail />, { nodes, graph_type: "namespace", overview });
  expect(page.text()).toContain("About 12,340 versioned apps with 30,000 edges are too many");
  expect(page.text()).toContain("at most 1,500 nodes and 5,000 edges");
  expect(page.text()).toContain("Open a namespace");

  await change(() => (page.store.locale.value = "ja"));

  expect(page.text()).toContain("12,340");
  expect(page.text()).toContain("名前空間はダブルクリック");
});

it("does not call a picture too large that is only near the limit", async () => {
  const near = { ...overview, nodes: 1450, edges: 100 };
  const page = await show(<Trail />, { nodes, graph_type: "namespace", overview: near });

  expect(page.text()).toContain("hardly fit");
  expect(page.text()).not.toContain("too many");
});

it("has other advice where one namespace alone is too large", async () => {
  const frame = { nodes, graph_type: "namespace", overview, scope: ["shop"] } as const;
  const page = await show(<Trail />, { ...frame, scope: [...frame.scope] });
  await change(() => (page.store.view.value = { ...DEFAULT_VIEW, namespaces: ["shop"] }));

  expect(page.text()).toContain("MESHVIZ_MAX_NODES");
  expect(page.text()).not.toContain("Open a namespace");
});

it("leads back from a namespace that was opened", async () => {
  const page = await show(
    <>
      <Trail />
      <Selected />
    </>,
    { nodes, graph_type: "namespace" },
  );
  await change(() => {
    page.store.view.value = { ...DEFAULT_VIEW, graphType: "namespace", window: "5m" };
    page.store.selection.value = { kind: "node", id: "n/pay" };
  });
  await page.click(".panel .button");
  expect(page.store.view.value).toMatchObject({ graphType: "versioned_app", namespaces: ["pay"] });
  expect(page.store.selection.value).toBeNull();
  expect(page.find("[aria-current]").textContent).toBe("pay");

  await page.click(".trail button");

  expect(page.store.view.value).toMatchObject({
    graphType: "namespace",
    namespaces: [],
    window: "5m",
  });
});

it("is entered with the Enter key; other nodes open their page", async () => {
  const page = await show(<div class="canvas" tabIndex={0} />, {
    nodes: [...nodes, node("host", { kind: "external", namespace: null })],
    graph_type: "namespace",
    overview,
  });
  let focused = 0;
  const press = () => {
    page.find(".canvas").focus();
    const event = new KeyboardEvent("keydown", { key: "Enter" });
    handleKey(event, {
      store: page.store,
      commands: page.commands,
      toggleTable: () => undefined,
      focusPanel: () => (focused += 1),
    });
  };
  page.store.selection.value = { kind: "node", id: "host" };
  press();
  expect([page.store.looks.value.open, page.store.view.value.namespaces]).toEqual(["host", []]);

  page.store.selection.value = { kind: "node", id: "n/shop" };
  press();

  expect([focused, page.store.view.value.namespaces]).toEqual([0, ["shop"]]);
});
