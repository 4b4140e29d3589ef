// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { Distribution } from "../../model/entities";
import { edge, history, node, series, side } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import { Fold } from "./Section";
import { OverviewDetails } from "./OverviewDetails";
import { Selected } from "./Selected";

const busy = { ...node("x").in, rps: 30 };
const nodes = [
  node("web", { namespace: "edge" }),
  node("cart", { in: busy, version: "v1", app: "cart" }),
  node("cart2", { in: { ...busy, rps: 10 }, version: "v2", app: "cart", name: "cart" }),
  node("stranger", { kind: "unknown", namespace: null }),
];
const edges = [
  edge("web", "cart", { rps: 30, error_ratio: 0.1 }),
  edge("cart", "cart2", { protocol: "grpc", rps: 10 }),
  edge("stranger", "cart", {
    rps: 2,
    mtls: { state: "plaintext", ratio: 0 },
    health: "degraded",
  }),
];
const frame = { nodes, edges };

beforeEach(() => localStorage.clear());

async function select(
  page: TestPage,
  kind: "node" | "edge" | "namespace",
  id: string,
): Promise<void> {
  await change(() => (page.store.selection.value = { kind, id }));
}

const rows = (page: TestPage, table: string) =>
  [...page.root.querySelectorAll(`${table} tbody tr`)].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );

describe("a namespace's panel", () => {
  it("shows traffic in, out and inside by protocol, and its members", async () => {
    const page = await show(<Selected />, frame);
    await select(page, "namespace", "shop");

    expect(page.find("h2").textContent).toBe("shop");
    expect(rows(page, "[data-protocol=http]")).toEqual([["Inbound", "32 rps", "9.4 %", "0 %"]]);
    expect(rows(page, "[data-protocol=grpc]")).toEqual([["Inside", "10 rps", "0 %"]]);
    expect(page.find("[data-section=members]").textContent).toContain("Members (2)cart v130 rps");
    expect(page.find("[data-section=troubled]").textContent).toContain("stranger");
  });

  it("is reached from a node, and leads back", async () => {
    const page = await show(<Selected />, frame);
    await select(page, "node", "cart");

    await page.click(".facts .link");
    expect(page.store.selection.value).toEqual({ kind: "namespace", id: "shop" });
    await page.click(".node-list button");

    expect(page.store.selection.value).toEqual({ kind: "node", id: "cart" });
  });

  it("says so when there is nothing of it any more", async () => {
    const page = await show(<Selected />, frame);
    await select(page, "namespace", "gone");

    expect(page.text()).toContain("no longer in the graph");
  });
});

describe("the reason for plain text", () => {
  it("names the callers on a node", async () => {
    const plain = { mtls: { state: "mixed", ratio: 0.9 } as const };
    const page = await show(<Selected />, { edges, nodes: [...nodes, node("cart", plain)] });
    await select(page, "node", "cart");

    const reasons = page.find(".reasons");
    expect(reasons.textContent).toContain("stranger 0 % mTLSThe caller shows no identity");
    expect(reasons.children).toHaveLength(1);
    expect(page.text()).toContain("PeerAuthentication is PERMISSIVE");
  });

  it("is told on an edge whose caller has a proxy", async () => {
    const plain = edge("web", "cart", {
      client: side(),
      mtls: { state: "plaintext", ratio: 0 },
    });
    const page = await show(<Selected />, { nodes, edges: [plain] });
    await select(page, "edge", plain.id);

    expect(page.find(".reasons").textContent).toContain("TLS mode DISABLE");
  });
});

describe("versions", () => {
  it("are split by the nodes that are drawn, each a way to the other", async () => {
    const page = await show(<Selected />, frame);
    await select(page, "node", "cart");

    const parts = [...page.root.querySelectorAll(".split-parts li")].map((li) => li.textContent);
    expect(parts).toEqual(["v130 rps75 %", "v210 rps25 %"]);
    await page.click(".split-parts .link");
    expect(page.store.selection.value).toEqual({ kind: "node", id: "cart2" });
  });

  it("are asked for where one node stands for all", async () => {
    const page = await show(<Selected />, { nodes: [node("app", { versions: ["v1", "v2"] })] });
    const asked: string[] = [];
    page.commands.past = (ask) => {
      if (ask.byVersion) asked.push(ask.about?.id ?? "");
      return Promise.resolve(
        history({
          series: [
            series("rps", { way: "in", version: "v1", values: [1, 9, null] }),
            series("rps", { way: "in", version: "v2", values: [1, 1, 1] }),
            series("rps", { way: "out", version: null, values: [5, 5, 5] }),
          ],
        }),
      );
    };
    await select(page, "node", "app");
    await change(() => undefined);

    const parts = [...page.root.querySelectorAll(".split-parts li")].map((li) => li.textContent);
    expect(parts).toEqual(["v19 rps90 %", "v21 rps10 %"]);
    expect(asked).toEqual(["app"]);
  });
});

describe("the last minutes", () => {
  it("show requests and errors, and lead to Prometheus", async () => {
    const page = await show(<Selected />, frame);
    page.commands.past = () =>
      Promise.resolve(
        history({
          series: [
            series("rps", { way: "in", values: [1, 4, 2], url: "http://prometheus/graph" }),
            series("error_rps", { way: "in", label: "503", values: [null, 1, null] }),
            series("rps", { way: "out", values: [99, 99, 99] }),
          ],
        }),
      );
    await select(page, "node", "cart");
    await change(() => undefined);

    expect(page.find(".spark svg").getAttribute("aria-label")).toBe(
      "Last 10 minutes: Requests 2 rps, Errors 0 rps; peak 4 rps",
    );
    expect(page.find(".spark a").getAttribute("href")).toBe("http://prometheus/graph");
  });

  it("say why there are none", async () => {
    const page = await show(<Selected />, frame);
    page.commands.past = () => Promise.reject(new Error("Prometheus did not answer"));
    await select(page, "node", "cart");
    await change(() => undefined);

    expect(page.text()).toContain("No history: Prometheus did not answer");
  });

  it("are let go when the panel closes", async () => {
    const page = await show(<Selected />, frame);
    const signals: AbortSignal[] = [];
    page.commands.past = (_, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    await select(page, "node", "cart");
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);

    await change(() => (page.store.selection.value = null));

    expect(signals[0]?.aborted).toBe(true);
  });
});

describe("the distribution", () => {
  it("is asked for when it is opened", async () => {
    const page = await show(<Selected />, frame);
    const spread: Distribution = {
      id: "cart",
      at: 1,
      window_s: 60,
      sides: [
        { reporter: "server", promql: "", url: null, buckets: [{ le_ms: 5, rps: 1 }] },
        { reporter: "client", promql: "", url: null, buckets: [{ le_ms: 10, rps: 1 }] },
      ],
    };
    let asked = 0;
    page.commands.spread = () => {
      asked += 1;
      return Promise.resolve(spread);
    };
    await select(page, "node", "cart");
    expect(asked).toBe(0);

    await unfold(page, "distribution");

    expect(rows(page, ".distribution")).toEqual([
      ["≤ 5 ms", "100 %", "–"],
      ["≤ 10 ms", "–", "100 %"],
    ]);
  });
});

async function unfold(page: TestPage, name: string): Promise<void> {
  const fold = page.find(`[data-section=${name}]`) as HTMLDetailsElement;
  await change(() => {
    fold.open = !fold.open;
    fold.dispatchEvent(new Event("toggle"));
  });
  await change(() => undefined);
}

describe("a fold", () => {
  it("is remembered", async () => {
    const fold = (
      <Fold title="Hosts" name="hosts">
        inside
      </Fold>
    );
    const page = await show(fold, {});
    expect(page.text()).toBe("Hostsinside");

    await unfold(page, "hosts");
    expect(page.text()).toBe("Hosts");

    expect((await show(fold, {})).text()).toBe("Hosts");
  });

  it("takes no harm from what somebody else stored", async () => {
    localStorage.setItem("meshviz.sections", '{"hosts": "no"}');

    expect(
      (
        await show(
          <Fold title="Hosts" name="hosts">
            x
          </Fold>,
          {},
        )
      ).text(),
    ).toBe("Hostsx");
  });
});

describe("the whole picture", () => {
  it("shows what enters, what leaves, the busiest, and how much is encrypted", async () => {
    const page = await show(<OverviewDetails />, frame);

    expect(rows(page, "[data-protocol=http]")).toEqual([
      ["Entering", "32 rps", "9.4 %", "0 %"],
      ["Total", "32 rps", "9.4 %", "0 %"],
    ]);
    expect(page.find("[data-section=security]").textContent).toContain("Plain text1Mutual TLS2");
    expect(page.find("[data-section=busiest-nodes] li").textContent).toContain("cart v130 rps");
    expect(page.find("[data-section=talkers] li").textContent).toContain(
      "web http → cart v130 rps",
    );
  });

  it("shows more of a long list on request", async () => {
    const many = Array.from({ length: 9 }, (_, i) => edge("web", `n${i}`));
    const page = await show(<OverviewDetails />, { nodes, edges: many });
    const listed = () => page.root.querySelectorAll("[data-section=talkers] li").length;
    expect(listed()).toBe(5);

    await page.click("[data-section=talkers] .text-button");

    expect(listed()).toBe(9);
  });
});
