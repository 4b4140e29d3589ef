// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { edge, gap, node, query, side, status } from "../../testing/make";
import { type NotedCommands, type TestPage, change, show } from "../../testing/page";
import { Overview } from "./Overview";
import { Selected } from "./Selected";

const latency = (p95: number) => ({ avg: 10, p50: 8, p90: 20, p95, p99: 90 });
const call = edge("productpage", "reviews", {
  rps: 10,
  error_ratio: 0.2,
  health: "failing",
  responses: [
    { code: "200", flags: "", rps: 8, error: false },
    { code: "503", flags: "UF", rps: 1.5, error: true },
    { code: "0", flags: "DC", rps: 0.5, error: true },
  ],
  server: side({ latency_ms: latency(41) }),
  client: side({ latency_ms: latency(47) }),
  mtls: { state: "mixed", ratio: 0.7 },
  principals: { source: ["spiffe://a"], destination: ["spiffe://b"] },
  hosts: ["reviews.bookinfo.svc"],
  reporter: "mixed",
});
const frame = {
  nodes: [
    node("productpage"),
    node("reviews", { versions: ["v1", "v2"], in: { ...node("x").in, rps: 10, error_ratio: 0.2 } }),
  ],
  edges: [call],
};

describe("an edge's panel", () => {
  it("shows both sides' latency, codes with flags, security and hosts", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));

    const rows = rowsOf(page);

    expect(rows).toContainEqual(["p95", "41 ms", "47 ms"]);
    expect(rows).toContainEqual(["503", "UFconnection to the server failed", "1.5 rps", "15 %"]);
    expect(rows).toContainEqual(["no response", "DCthe caller hung up", "0.5 rps", "5 %"]);
    for (const text of ["70 %", "spiffe://a", "spiffe://b", "reviews.bookinfo.svc", "Failing"]) {
      expect(page.text()).toContain(text);
    }
  });

  it("leads to its ends", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));

    await page.click("h2 button");

    expect(page.store.selection.value).toEqual({ kind: "node", id: "productpage" });
  });

  it("shows TCP's connections, on both sides and by flag, and no differences of requests", async () => {
    const tcp = edge("a", "b", {
      protocol: "tcp",
      rps: null,
      received_bps: 1000,
      connections_per_s: 4,
      responses: [
        { code: "-", flags: "", rps: 3, error: false },
        { code: "-", flags: "UF", rps: 1, error: true },
      ],
      error_ratio: 0.25,
      server: side({ rps: null, received_bps: 1000, connections_per_s: 3, error_ratio: null }),
      client: side({ rps: null, connections_per_s: 4, connections_closed_per_s: 5 }),
    });
    const page = await show(<Selected />, { nodes: [node("a"), node("b")], edges: [tcp] });
    await change(() => (page.store.selection.value = { kind: "edge", id: tcp.id }));
    const rows = rowsOf(page);

    expect(rows).toContainEqual(["To the server", "1 kB/s", "–"]);
    expect(rows).toContainEqual(["Connections opened", "3 /s", "4 /s"]);
    expect(rows).toContainEqual(["Connections closed", "–", "5 /s"]);
    expect(rows).toContainEqual(["–", "–", "3 /s", "75 %"]);
    expect(rows).toContainEqual(["–", "UFconnection to the server failed", "1 /s", "25 %"]);
    expect(page.find(".tile-bad").textContent).toBe("Errors25 %");
    expect(page.root.querySelector("[data-gap]")).toBeNull();
  });

  it("shows a stream's messages on both sides", async () => {
    const stream = edge("a", "b", {
      protocol: "grpc",
      server: side({ received_mps: 100, sent_mps: 7 }),
      client: side({ received_mps: 101 }),
    });
    const page = await show(<Selected />, { nodes: [node("a"), node("b")], edges: [stream] });
    await change(() => (page.store.selection.value = { kind: "edge", id: stream.id }));

    expect(rowsOf(page)).toContainEqual(["Messages to the server", "100 /s", "101 /s"]);
    expect(rowsOf(page)).toContainEqual(["Messages back", "7 /s", "–"]);
  });

  it("explains where the sides differ, and why it cannot tell", async () => {
    const known = gap({ network_ms: -1.5, unreached_rps: 0.5, retried_rps: 0 });
    const page = await show(<Selected />, { ...frame, edges: [{ ...call, gap: known }] });
    await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));
    const told = (name: string) => page.find(`[data-gap=${name}] dd`).textContent;

    expect(told("network_ms")).toMatch(/^−1.5 ms.*minus the server's/);
    expect(told("unreached_rps")).toMatch(/^0.5 rps.*no route/);
    expect(told("retried_rps")).toMatch(/^0 rps/);
    expect(told("timed_out_rps")).toMatch(/^–Needs request counts/);
  });

  it("does not let what both sides count be added", async () => {
    const known = gap({ timed_out_rps: 1, abandoned_rps: 1 });
    const page = await show(<Selected />, { ...frame, edges: [{ ...call, gap: known }] });
    await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));

    expect(page.find("[data-gap=timed_out_rps]").textContent).toContain("do not add the two");
    expect(page.find("[data-gap=abandoned_rps]").textContent).toContain("are among them");
  });

  it("names the side that reports nothing", async () => {
    const page = await show(<Selected />, { ...frame, edges: [{ ...call, client: null }] });
    await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));

    expect(page.find(".sides thead").textContent).toBe("ServerClientreports nothing");
    expect(page.find("[data-gap=network_ms] dd").textContent).toBe(
      "–The caller's proxy reports nothing to compare with.",
    );
  });

  it("shows the PromQL behind its numbers, with links only to web pages", async () => {
    const page = await openPromql((commands) => {
      const queries = [
        query("rps", { promql: "sum(x)", url: "http://prometheus/graph" }),
        query("in.error_ratio", { promql: "sum(y)", url: "javascript:1" }),
      ];
      commands.answer = () => Promise.resolve({ id: call.id, at: 1, window_s: 60, queries });
    });

    expect([...page.root.querySelectorAll(".queries b")].map((b) => b.textContent)).toEqual([
      "Rate",
      "Inbound: Errors",
    ]);
    expect([...page.root.querySelectorAll("pre")].map((pre) => pre.textContent)).toEqual([
      "sum(x)",
      "sum(y)",
    ]);
    expect([...page.root.querySelectorAll("a")].map((a) => a.href)).toEqual([
      "http://prometheus/graph",
    ]);
  });

  it("says why there is no PromQL", async () => {
    const page = await openPromql((commands) => {
      commands.answer = () => Promise.reject(new Error("HTTP 404"));
    });

    expect(page.text()).toContain("HTTP 404");
  });
});

function rowsOf(page: TestPage): string[][] {
  const rows = [...page.root.querySelectorAll("tr")];
  return rows.map((row) => [...row.cells].map((cell) => cell.textContent));
}

async function openPromql(prepare: (commands: NotedCommands) => void): Promise<TestPage> {
  const page = await show(<Selected />, frame);
  prepare(page.commands);
  await change(() => (page.store.selection.value = { kind: "edge", id: call.id }));
  const details = page.find("details.promql") as HTMLDetailsElement;
  await change(() => {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
  });
  // The answer comes one round later.
  await change(() => undefined);
  return page;
}

describe("a node's panel", () => {
  it("shows rates in and out, and who calls whom", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "node", id: "reviews" }));

    expect(page.text()).toContain("v1, v2");
    expect(page.text()).toContain("Called by (1)");
    expect(page.text()).toContain("Calls (0)");
    expect(page.find(".tile-bad").textContent).toBe("Errors20 %");
  });

  it("shows how the node answers: codes of both protocols, latency and security", async () => {
    const answer = { flags: "", rps: 5, error: false };
    const busy = node("reviews", {
      version: "v2",
      in: { ...node("x").in, rps: 10 },
      responses: [
        { ...answer, code: "0", protocol: "grpc" },
        { ...answer, code: "503", flags: "UF", error: true, protocol: "http" },
      ],
      latency_ms: latency(41),
      mtls: { state: "mixed", ratio: 0.7 },
      principals: ["spiffe://reviews"],
    });
    const page = await show(<Selected />, { ...frame, nodes: [node("productpage"), busy] });
    await change(() => (page.store.selection.value = { kind: "node", id: "reviews" }));

    expect(page.find("h2").textContent).toBe("reviews v2");
    expect(page.find(".latency tbody").textContent).toBe("10 ms8 ms20 ms41 ms90 ms");
    const rows = [...page.root.querySelectorAll(".responses tbody tr")].map((r) => r.textContent);
    expect(rows).toEqual(["OK (0)–5 rps50 %", "503UFconnection to the server failed5 rps50 %"]);
    for (const text of ["70 %", "spiffe://reviews"]) expect(page.text()).toContain(text);
  });

  it("shows how a database ends its connections, by their own share", async () => {
    const ended = { code: "-", error: false, protocol: "tcp" as const };
    const database = node("reviews", {
      responses: [
        { ...ended, flags: "", rps: 3 },
        { ...ended, flags: "UF", rps: 1, error: true },
      ],
    });
    const page = await show(<Selected />, { ...frame, nodes: [node("productpage"), database] });
    await change(() => (page.store.selection.value = { kind: "node", id: "reviews" }));

    expect(rowsOf(page)).toContainEqual(["–", "UFconnection to the server failed", "1 /s", "25 %"]);
    expect(page.root.querySelector(".latency")).toBeNull();
  });

  it("does not say how a node answers that nobody calls", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "node", id: "productpage" }));

    expect(page.root.querySelector(".latency")).toBeNull();
    expect(page.root.querySelector(".mtls")).toBeNull();
  });

  it("tells nodes of the same name apart by their cluster, and shows odd values as they are", async () => {
    const odd = `<b>"x'${"y".repeat(300)}`;
    const east = node("e", { name: "cart", cluster: "east", workload: odd });
    const west = node("w", { name: "cart", cluster: "west" });
    const page = await show(<Selected />, { nodes: [east, west] });
    await change(() => (page.store.selection.value = { kind: "node", id: "e" }));

    expect(page.find("h2").textContent).toBe("cart (east)");
    expect(page.text()).toContain(odd);
    expect(page.find(".facts").querySelector("b")).toBeNull();
  });

  it("leads to its edges, and away on request", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "node", id: "reviews" }));
    await page.click(".edge-list button");
    expect(page.store.selection.value).toEqual({ kind: "edge", id: call.id });

    await page.click("[aria-label=Close]");

    expect(page.store.selection.value).toBeNull();
  });
});

describe("an edge in plain text", () => {
  const sections = async (change_: Parameters<typeof edge>[2]) => {
    const bare = edge("a", "b", { mtls: { state: "plaintext", ratio: 0 }, ...change_ });
    const page = await show(<Selected />, { nodes: [node("a"), node("b")], edges: [bare] });
    await change(() => (page.store.selection.value = { kind: "edge", id: bare.id }));
    return [...page.root.querySelectorAll("[data-section]")].map((each) =>
      each.getAttribute("data-section"),
    );
  };

  it("says so first where nothing else is wrong", async () => {
    expect((await sections({}))[0]).toBe("security");
    expect((await sections({ health: "failing" }))[0]).not.toBe("security");
  });
});

/** Its inside is code of its own, which is there a little later. */
async function openOverview(page: TestPage): Promise<void> {
  await page.click(".overview-toggle");
  await vi.waitUntil(async () => {
    await change(() => undefined);
    return page.root.querySelector(".overview-body") !== null;
  });
}

describe("without a selection", () => {
  it("repeats the server's warnings, marked as English", async () => {
    const page = await show(<Overview />, { ...frame, source: status({ warnings: ["late"] }) });
    await openOverview(page);

    expect(page.find(".overview-body [lang=en]").textContent).toBe("late");
  });

  it("lists what needs attention", async () => {
    const page = await show(<Overview />, frame);
    await openOverview(page);

    expect(page.text()).toContain("productpage http → reviews");
    expect(page.text()).toContain("Not encrypted (1)");
    expect(page.text()).toContain("70 % mTLS");
    expect(page.find(".overview-toggle b").textContent).toBe("1");
  });

  it("says how its count comes about where two lists make it", async () => {
    const open = edge("b", "a", { mtls: { state: "plaintext", ratio: 0 } });
    const page = await show(<Overview />, { ...frame, edges: [...frame.edges, open] });
    await openOverview(page);

    expect(page.find(".overview-toggle b").textContent).toBe("2");
    expect(page.text()).toContain("2 edges: 1 failing or degraded, 1 more not encrypted.");
  });

  it("counts what a filter hides, and says that it is hidden", async () => {
    const page = await show(<Overview />, frame);
    await change(() => {
      page.store.filter.value = { ...page.store.filter.peek(), edges: "none" };
    });

    expect(page.find(".overview-toggle b").textContent).toBe("1");
    expect(page.find(".overview-toggle small").textContent).toBe("1 hidden");
    expect(page.root.querySelector(".overview-toggle .dot-healthy")).toBeNull();
  });

  it("shows a slow edge that has no errors", async () => {
    const slow = edge("a", "b", { latency_ms: latency(7000) });
    const page = await show(<Overview />, { nodes: [node("a"), node("b")], edges: [slow] });
    await openOverview(page);

    expect(page.text()).toContain("p95 7 s");
    expect(page.find(".overview-toggle b").textContent).toBe("0");
  });

  it("is closed by Escape", async () => {
    const page = await show(<Overview />, frame);
    await openOverview(page);

    await change(
      () => void document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })),
    );

    expect(page.root.querySelector(".overview-body")).toBeNull();
    expect(document.activeElement).toBe(page.find(".overview-toggle"));
  });

  it("keeps a selection whose traffic stopped, and says so", async () => {
    const page = await show(<Selected />, frame);
    await change(() => (page.store.selection.value = { kind: "node", id: "gone" }));

    expect(page.text()).toContain("no longer in the graph");
  });
});
