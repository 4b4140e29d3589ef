// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { expect, it, vi } from "vitest";
import { edge, node } from "../testing/make";
import { change, show } from "../testing/page";
import { Tables } from "./Table";
import { Grid } from "./table/Grid";

const many = Array.from({ length: 330 }, (_, i) => node(`n${i}`));

it("lists what is drawn, the worst first", async () => {
  const page = await show(<Tables isOpen />, {
    nodes: [node("fine"), node("broken", { health: "failing" })],
    edges: [edge("fine", "broken", { rps: 3, error_ratio: 0.5, health: "failing" })],
  });

  const rows = [...page.root.querySelectorAll("tbody tr")].map((row) => row.textContent);

  expect(rows[0]).toContain("broken");
  expect(rows[2]).toContain("3 rps");
  expect(rows[2]).toContain("50 %");
});

it("is there for screen readers when it is not shown, out of the way of the Tab key", async () => {
  const page = await show(<Tables isOpen={false} />, { nodes: [node("a")] });

  expect(page.find("section").classList.contains("visually-hidden")).toBe(true);
  expect(page.find("tbody button").tabIndex).toBe(-1);
});

it("has columns that mean the same for every protocol, and say what", async () => {
  const bytes = { received_bps: 1000, sent_bps: 2000 };
  const page = await show(<Tables isOpen />, {
    nodes: [node("a"), node("b")],
    edges: [
      edge("a", "b", { rps: 3, ...bytes }),
      edge("a", "b", { protocol: "tcp", rps: null, ...bytes }),
    ],
  });
  const heads = [...page.root.querySelectorAll<HTMLElement>(".edges th[scope=col]")];
  const column = (name: string) => {
    const place = heads.findIndex((head) => head.textContent === name);
    const rows = [...page.root.querySelectorAll(".edges tbody tr")];
    return rows.map((row) => row.children[place]?.textContent).sort();
  };

  expect(column("Rate")).toEqual(["3 rps", "–"]);
  expect(column("To the server")).toEqual(["1 kB/s", "1 kB/s"]);
  expect(column("To the client")).toEqual(["2 kB/s", "2 kB/s"]);
  expect(heads.find((head) => head.textContent === "Rate")?.title).toContain("TCP has none");
});

it("says how many rows it leaves out, shows more, and finds them by search", async () => {
  const page = await show(<Tables isOpen />, { nodes: many });
  expect(page.text()).toContain("30 more are not listed");
  expect(page.find("caption").textContent).toBe("Nodes (330)");

  await page.click("tfoot button");
  expect(page.root.querySelectorAll("tbody tr")).toHaveLength(330);
  expect(page.root.querySelector("tfoot")).toBeNull();

  await change(() => (page.store.search.value = "n229"));
  expect(page.root.querySelectorAll("tbody tr")).toHaveLength(1);
});

it("is sorted by any column, most first, unknown last, and back again", async () => {
  const rps = (id: string, value: number | null) =>
    node(id, { in: { ...node(id).in, rps: value }, kind: id === "c" ? "gateway" : "workload" });
  const page = await show(<Tables isOpen />, { nodes: [rps("a", null), rps("b", 1), rps("c", 9)] });
  const ids = () => [...page.root.querySelectorAll("tbody th")].map((cell) => cell.textContent);
  const press = async (name: string) => {
    const heads = [...page.root.querySelectorAll<HTMLElement>("th[scope=col] button")];
    await change(() => heads.find((head) => head.textContent === name)?.click());
  };
  const usual = ids();

  await press("Inbound");
  expect(ids()).toEqual(["c", "b", "a"]);
  expect(page.find("[aria-sort=descending]").textContent).toBe("Inbound");
  await press("Inbound");
  expect(ids()).toEqual(["b", "c", "a"]);
  await press("Inbound");
  expect(ids()).toEqual(usual);
});

it("has one row in the Tab order, and arrow keys go to the others", async () => {
  const page = await show(<Tables isOpen />, { nodes: [node("a"), node("b"), node("c")] });
  const rows = () => [...page.root.querySelectorAll<HTMLElement>("tbody th button")];
  const press = (key: string) =>
    change(() => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true });
      document.activeElement?.dispatchEvent(event);
    });
  await change(() => rows()[0]?.focus());

  await press("ArrowDown");
  expect(document.activeElement).toBe(rows()[1]);
  expect(rows().map((row) => row.tabIndex)).toEqual([-1, 0, -1]);
  await press("End");
  expect(document.activeElement).toBe(rows()[2]);
  await press("ArrowDown");
  expect(document.activeElement).toBe(rows()[2]);
  await press("Home");
  expect(document.activeElement).toBe(rows()[0]);
});

it("says of nodes how slow and how safe they are, as the picture does", async () => {
  const slow = { avg: 1, p50: 1, p90: 1, p95: 700, p99: 900 };
  const mtls = { state: "mixed", ratio: 0.87 } as const;
  const page = await show(<Tables isOpen />, { nodes: [node("a", { latency_ms: slow, mtls })] });

  expect(page.find("tbody").textContent).toContain("700 msPartly mutual TLS (87 %)");
});

it("tells versions of one app apart, at both ends", async () => {
  const nodes = ["v1", "v2"].map((version) => node(version, { name: "reviews", version }));
  const page = await show(<Tables isOpen />, { nodes, edges: [edge("v1", "v2")] });

  expect(page.text()).toContain("reviews v1reviews v2http");
});

it("selects from a row", async () => {
  const page = await show(<Tables isOpen />, { nodes: [node("a")] });

  await page.click("tbody button");

  expect(page.store.selection.value).toEqual({ kind: "node", id: "a" });
});

it("says where nodes of the same name are", async () => {
  const nodes = ["east", "west"].map((cluster) => node(cluster, { name: "cart", cluster }));
  const page = await show(<Tables isOpen />, { nodes, edges: [edge("east", "west")] });

  expect(page.text()).toContain("cart (east)cart (west)http");
});

it("shows the start and the end of a name that would push the numbers away", async () => {
  const name = `<i>${"x".repeat(300)}\u202e`;
  const page = await show(<Tables isOpen />, { nodes: [node("a", { name })] });
  const cell = page.find("tbody th span");

  expect(cell.textContent).toMatch(/^<i>x+…x+⟨U\+202E⟩$/);
  expect(cell.textContent.length).toBeLessThanOrEqual(60);
  expect(cell.title).toContain("x".repeat(300));
});

it("opens a namespace without the picture", async () => {
  const page = await show(<Tables isOpen />, {
    nodes: [
      node("n/shop", { kind: "namespace", name: "shop" }),
      node("host", { kind: "external", namespace: null }),
    ],
    graph_type: "namespace",
  });
  expect(page.root.querySelectorAll("[aria-label^=Open]")).toHaveLength(1);

  await page.click("[aria-label='Open shop']");

  expect(page.store.view.value.namespaces).toEqual(["shop"]);
});

it("writes only those rows anew that have changed", async () => {
  const [a, b] = [node("a"), node("b")];
  const cell = vi.fn(({ id }: { id: string }) => id);
  const columns = [{ head: "Name", cell, by: ({ id }: { id: string }) => id }];
  const table = (rows: (typeof a)[]) => (
    <Grid caption="Nodes" columns={columns} rows={rows} isOpen />
  );
  const rows = signal([a, b]);
  const Shown = () => table(rows.value);
  await show(<Shown />, {});
  cell.mockClear();

  await change(() => (rows.value = [a, { ...b, health: "failing" }]));

  expect(cell.mock.calls.map(([{ id }]) => id)).toEqual(["b"]);
});

it("follows the names of nodes that have not changed themselves", async () => {
  const page = await show(<Tables isOpen />, {
    nodes: [node("a", { name: "cart", cluster: "east" })],
  });

  await change(() => {
    const newcomer = node("b", { name: "cart", cluster: "west" });
    const { mesh } = page.store;
    mesh.value = { ...mesh.value, nodes: new Map(mesh.value.nodes).set("b", newcomer) };
  });

  expect(page.text()).toContain("cart (east)");
});
