// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type { Query } from "../../model/entities";
import { edge, gap, node, query, side, status } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import { Selected } from "./Selected";

const latency_ms = { avg: 10, p50: 8, p90: 20, p95: 41, p99: 90 };
const call = edge("a", "b", {
  rps: 10,
  latency_ms,
  server: side({ rps: 9, latency_ms }),
  client: side({ rps: 10 }),
  gap: gap({ network_ms: 3, unreached_rps: 1 }),
  responses: [{ code: "200", flags: "", rps: 10, error: false }],
});
const nodes = [node("a"), node("b", { in: { ...node("x").in, rps: 10 } })];

/** Open the edge's panel on a server that knows these queries. */
async function visit(queries: readonly Query[], kind: "node" | "edge" = "edge") {
  const page = await show(<Selected />, { nodes, edges: [call], source: status({ age_s: 2 }) });
  const asked = { times: 0 };
  page.commands.answer = () => {
    asked.times += 1;
    return Promise.resolve({ id: call.id, at: 1, window_s: 60, queries: [...queries] });
  };
  await change(() => (page.store.selection.value = { kind, id: kind === "edge" ? call.id : "b" }));
  return { page, asked };
}

async function ask(page: TestPage, field: string): Promise<void> {
  await page.click(`[data-field="${field}"]`);
  await change(() => undefined);
}

describe("a number", () => {
  it("shows its queries with reporter, age and series", async () => {
    const url = "http://prometheus/graph?g0.expr=x";
    const { page } = await visit([
      query("rps", { reporter: "waypoint", promql: "sum(x)", series: 12, age_s: 2, url }),
      query("error_ratio"),
    ]);
    await ask(page, "rps");
    const card = page.find(".origin");

    expect(card.textContent).toContain("Measured bythe waypoint");
    expect(card.textContent).toContain("Age2 s");
    expect(card.textContent).toContain("Series12");
    expect([...card.querySelectorAll("pre")].map((pre) => pre.textContent)).toEqual(["sum(x)"]);
    expect(card.querySelector("a")?.href).toBe(url);
  });

  it("grows old with the picture", async () => {
    const { page } = await visit([query("rps", { age_s: 32 })]);
    await ask(page, "rps");
    await change(() => (page.store.now.value += 5_000));

    expect(page.find(".origin").textContent).toContain("Age37 s");
  });

  it("says that series were not counted rather than 0", async () => {
    const { page } = await visit([query("rps", { series: null })]);
    await ask(page, "rps");

    expect(page.find(".origin").textContent).toContain("Seriesnot counted");
  });

  it("says that its queries add up, and that one finds nothing rather than 0", async () => {
    const { page } = await visit([
      query("rps", { promql: "server" }),
      query("rps", { promql: "lost", reporter: "source", series: 0 }),
      query("latency_ms.p95"),
    ]);
    await ask(page, "rps");
    expect(page.find(".origin").textContent).toContain("the sum of what these 2 queries give");
    expect(page.find(".origin li:last-child").textContent).toContain("Seriesnone at present");

    await ask(page, "latency_ms.p95");

    expect(page.find(".origin").textContent).not.toContain("sum of");
  });

  it("marks the server's words as English", async () => {
    const { page } = await visit([query("rps")]);
    await ask(page, "rps");
    await change(() => (page.store.locale.value = "ja"));

    expect(page.find(".origin [lang=en]").textContent).toBe("what rps means");
  });

  it("copies its query as it is, though it shows what cannot be seen", async () => {
    const written: string[] = [];
    const promql = 'sum(x{a="\u202eb"})';
    const { page } = await visit([query("rps", { promql })]);
    await ask(page, "rps");
    vi.stubGlobal("navigator", {
      clipboard: { writeText: (text: string) => Promise.resolve(void written.push(text)) },
    });
    await page.click(".origin .queries button");
    await change(() => undefined);
    vi.unstubAllGlobals();

    expect(page.find(".origin pre").textContent).toBe('sum(x{a="⟨U+202E⟩b"})');
    expect(written).toEqual([promql]);
  });

  it("is told apart by its side", async () => {
    const { page } = await visit([
      query("server.rps", { promql: "server" }),
      query("client.rps", { promql: "client", reporter: "source" }),
    ]);
    await ask(page, "client.rps");
    expect(page.find(".origin pre").textContent).toBe("client");

    await ask(page, "server.rps");

    expect(page.find(".origin pre").textContent).toBe("server");
    expect(page.root.querySelectorAll(".origin")).toHaveLength(1);
  });

  it("says so when the server has no query for it", async () => {
    const { page } = await visit([query("rps")]);
    await ask(page, "gap.network_ms");

    expect(page.find(".origin").textContent).toContain("no query of its own");
  });

  it("asks the server once for all numbers of a panel, and anew in another view", async () => {
    const { page, asked } = await visit([query("rps"), query("error_ratio")]);
    await ask(page, "rps");
    await ask(page, "error_ratio");
    await ask(page, "responses");
    expect(asked.times).toBe(1);

    await change(() => (page.store.view.value = { ...page.store.view.value, window: "5m" }));

    expect(asked.times).toBe(2);
  });

  it("says why it cannot tell, and asks again next time", async () => {
    const { page } = await visit([query("rps")]);
    const { answer } = page.commands;
    page.commands.answer = () => Promise.reject(new Error("HTTP 503"));
    await ask(page, "rps");
    expect(page.find(".origin").textContent).toContain("HTTP 503");

    page.commands.answer = answer;
    await ask(page, "rps");
    await ask(page, "rps");

    expect(page.find(".origin pre").textContent).toBe("sum(rps)");
  });

  it("is asked with the keyboard, and Escape leads back to it but not out of the panel", async () => {
    const { page } = await visit([query("rps")]);
    const button = page.find('[data-field="rps"]');
    expect(button.tagName).toBe("BUTTON");
    await ask(page, "rps");
    expect(button.getAttribute("aria-expanded")).toBe("true");
    expect(button.getAttribute("aria-controls")).toBe(page.find(".origin").id);

    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    await change(() => void page.find(".origin pre").dispatchEvent(escape));

    expect(page.root.querySelector(".origin")).toBeNull();
    expect(document.activeElement).toBe(page.find('[data-field="rps"]'));
    expect(page.store.selection.value).not.toBeNull();
  });
});

describe("every number", () => {
  it("of an edge's panel can be asked, and what is unknown is only a dash", async () => {
    const { page } = await visit([]);
    const numbers = [...page.root.querySelectorAll(".tile b, .sides td, .gaps dd")];
    const unasked = numbers.filter((each) => each.querySelector(".figure") === null);

    expect(numbers.length).toBeGreaterThan(20);
    expect(unasked.every((each) => each.textContent.startsWith("–"))).toBe(true);
  });

  it("of a node's panel too", async () => {
    const { page } = await visit([], "node");
    const fields = [...page.root.querySelectorAll<HTMLElement>(".figure")].map(
      (each) => each.dataset.field,
    );

    expect(fields).toEqual(["in.rps"]);
  });
});

describe("a query that is not told", () => {
  const UNTOLD = "# not told: it names what lies outside the namespaces that you may see";
  const hidden = (field: string) => query(field, { promql: UNTOLD });

  it("is a sentence beside the number, with nothing to copy or to open", async () => {
    const { page } = await visit([
      hidden("rps"),
      { ...hidden("rps"), meaning: "the same of another proxy" },
    ]);
    await ask(page, "rps");

    expect(page.root.querySelectorAll(".origin .untold")).toHaveLength(2);
    expect(page.find(".origin").textContent).toContain("so it is not told");
    expect(page.find(".origin").textContent).toContain("the same of another proxy");
    expect(page.text()).not.toContain("# not told");
    expect(page.root.querySelector(".origin pre, .origin .text-button")).toBeNull();
  });

  it("is counted in the list of all, once for all such", async () => {
    const { page } = await visit([query("rps"), hidden("error_ratio"), hidden("mtls")]);
    const details = page.find("details.promql") as HTMLDetailsElement;
    await change(() => {
      details.open = true;
      details.dispatchEvent(new Event("toggle"));
    });
    await change(() => undefined);

    expect(page.root.querySelectorAll(".promql pre")).toHaveLength(1);
    expect(page.find(".promql .untold").textContent).toContain("2 queries name what is outside");
  });
});
