// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { History } from "../../model/entities";
import type { HistoryAsk } from "../../model/history";
import { edge, history, node, outsider, series } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import type { PlotEvents, PlotSpec } from "../charts/plot";
import { EntityPage } from "./EntityPage";

interface Drawn {
  spec: PlotSpec;
  on: PlotEvents;
}
const drawn = vi.hoisted(() => ({ plots: [] as Drawn[] }));

// What is drawn on a canvas is for the browser tests; here it counts what is asked to be drawn.
vi.mock("../charts/plot", () => ({
  COLOURS: 6,
  DASHES: [[], [7, 4]],
  plot: (_: HTMLElement, spec: PlotSpec, on: PlotEvents) => {
    const plot = { spec, on };
    drawn.plots.push(plot);
    return {
      update: (next: PlotSpec) => (plot.spec = next),
      step: () => undefined,
      stop: () => (drawn.plots = drawn.plots.filter((each) => each !== plot)),
    };
  },
}));

const version = (id: string, name: string) =>
  node(id, { app: "cart", name: "cart", version: name, in: { ...node("x").in, rps: 9 } });
const frame = {
  nodes: [node("web"), version("c1", "v1"), version("c2", "v2"), node("db"), outsider("callers")],
  edges: [
    edge("web", "c1", { rps: 9, error_ratio: 0.1, health: "degraded" }),
    edge("c1", "db", { rps: 3, latency_ms: { ...node("x").latency_ms, p95: 12 } }),
  ],
};
const past = history({
  series: [
    series("rps", { way: "in", values: [8, 9, null] }),
    series("error_rps", { way: "in", label: "503 UF", values: [0, 1, null] }),
    series("latency_ms", { way: "in", label: "p95", values: [40, 50, 60] }),
  ],
});

beforeEach(() => (drawn.plots = []));
// A page that stayed would draw its charts again when a scale is chosen, which all have in common.
afterEach(async () => {
  const { render } = await import("preact");
  await change(() => [...document.body.children].forEach((root) => render(null, root)));
});

async function open(id: string, answer: (ask: HistoryAsk) => History = () => past) {
  const page = await show(null, frame);
  const asked: HistoryAsk[] = [];
  page.commands.past = (ask) => {
    asked.push(ask);
    return Promise.resolve().then(() => answer(ask));
  };
  const { render } = await import("preact");
  const { Context } = await import("../context");
  const { store, commands } = page;
  await change(() => {
    store.looks.value = { ...store.looks.peek(), open: id };
    render(
      <Context.Provider value={{ store, commands }}>
        <EntityPage id={id} />
      </Context.Provider>,
      page.root,
    );
  });
  await settled(page);
  return { page, asked };
}

/** Answers come some rounds later, and what is drawn after those. */
async function settled(page: TestPage): Promise<void> {
  await vi.waitUntil(async () => {
    await change(() => undefined);
    const isWaiting = page.text().includes("Asking Prometheus");
    return !isWaiting && drawn.plots.length === page.root.querySelectorAll(".chart-canvas").length;
  });
}

const titles = (page: TestPage) =>
  [...page.root.querySelectorAll(".page-charts h3")].map((h3) => h3.textContent);

describe("the page of those who may not be seen", () => {
  const untold = series("rps", {
    way: "out",
    promql: "# not told: it names what lies outside the namespaces that you may see",
  });

  it("does not claim that nobody calls them, and tells no query", async () => {
    const { page } = await open("z/callers", () => history({ series: [untold] }));
    await change(() => page.root.querySelector("details.chart-more")?.setAttribute("open", ""));

    expect(page.find(".side-source").textContent).toBe("Called byNot told.");
    expect(page.root.querySelector(".chip")).toBeNull();
    expect(page.find(".queries").textContent).toContain("so it is not told");
    expect(page.root.querySelector(".queries pre, .queries a")).toBeNull();
  });
});

describe("a node's page", () => {
  it("shows whom it talks to, with rate, errors and p95, each a way to the other's page", async () => {
    const { page } = await open("c1");

    expect(page.find("h1").textContent).toBe("cart v1");
    const buttons = [...page.root.querySelectorAll(".neighbours button")].map((b) => b.textContent);
    expect(buttons).toEqual(["web: 9 rps · 10 % Errors", "db: 3 rps · p95 12 ms"]);
    await page.click(".side-target button");
    expect(page.store.looks.value.open).toBe("db");
  });

  it("draws what there is, with a legend of the newest values", async () => {
    const { page, asked } = await open("c1");

    expect(titles(page)).toEqual(["Requests", "Errors by code, inbound", "Latency, inbound"]);
    const legend = [...page.root.querySelectorAll(".chart-legend")].map((ul) => ul.textContent);
    expect(legend).toEqual(["inbound9 rps", "503 UF1 rps", "p9560 ms"]);
    expect(asked[0]).toMatchObject({ about: { kind: "node", id: "c1" }, range: "15m", end: null });
    expect(drawn.plots[0]?.spec.span).toEqual({ from: 1000, to: 1020 });
  });

  it("shows in all legends what is under the crosshair of one", async () => {
    const { page } = await open("c1");

    await change(() => drawn.plots[2]?.on.pointed(0));

    const legend = [...page.root.querySelectorAll(".chart-legend")].map((ul) => ul.textContent);
    expect(legend).toEqual(["inbound8 rps", "503 UF0 rps", "p9540 ms"]);
  });

  it("looks closer at a part of the time, and comes back", async () => {
    const { page, asked } = await open("c1");

    await change(() => drawn.plots[0]?.on.chosen({ from: 1000.5, to: 1010.2 }));
    await settled(page);
    expect(asked.at(-1)).toMatchObject({ range: "5m", end: 1011 });
    expect(drawn.plots.map(({ spec }) => spec.span.to)).toEqual([1010.2, 1010.2, 1010.2]);

    await change(() => drawn.plots[0]?.on.reset());
    expect(asked.at(-1)).toMatchObject({ range: "15m", end: null });
  });

  it("changes the range in the address, and the scale of latency alone", async () => {
    const { page, asked } = await open("c1");
    const select = page.find(".page-charts select") as HTMLSelectElement;
    await change(() => {
      select.value = "6h";
      select.dispatchEvent(new Event("change"));
    });
    expect(page.store.looks.value.range).toBe("6h");
    expect(asked.at(-1)?.range).toBe("6h");

    await page.click(".chart .segment:last-child input");
    expect(drawn.plots.map(({ spec }) => spec.isLog)).toContain(true);
  });

  it("leaves out a line on request", async () => {
    const { page } = await open("c1");

    await page.click(".chart-legend button");

    expect(page.find(".chart-legend button").getAttribute("aria-pressed")).toBe("false");
    expect(drawn.plots.some(({ spec }) => spec.lines.length === 0)).toBe(true);
  });

  it("tells its values to those who cannot see lines", async () => {
    const { page } = await open("c1");
    const more = page.find(".chart-more:last-of-type") as HTMLDetailsElement;
    await change(() => {
      more.open = true;
      more.dispatchEvent(new Event("toggle"));
    });

    const cells = [...page.root.querySelectorAll(".value-table td")].map((td) => td.textContent);
    expect(cells).toEqual(["–", "9 rps", "8 rps"]);
  });

  it("says why there is nothing to draw", async () => {
    const { page } = await open("c1", () => {
      throw new Error("Prometheus did not answer");
    });

    expect(page.text()).toContain("No history: Prometheus did not answer");
  });

  it("stays when its traffic stops", async () => {
    const { page } = await open("gone");

    expect(page.text()).toContain("not in the graph at present");
  });
});

describe("an edge's page", () => {
  it("names both ends and asks about the edge", async () => {
    const { page, asked } = await open("web|c1|http");

    expect(page.find("h1").textContent).toBe("web  cart v1");
    expect(asked[0]?.about).toEqual({ kind: "edge", id: "web|c1|http" });
  });
});

describe("two versions", () => {
  const faster = (ask: HistoryAsk) => {
    const speed = ask.about?.id === "c2" ? 2 : 1;
    return history({
      series: [
        series("rps", { way: "in", values: [10, 10, 10] }),
        series("error_rps", { way: "in", label: "500", values: [0, 0, speed - 1] }),
        series("latency_ms", { way: "in", label: "p95", values: [50, 50, 50 * speed] }),
      ],
    });
  };

  it("are held against each other when both are chosen", async () => {
    const { page } = await open("c1", faster);
    expect(page.root.querySelector(".differences")).toBeNull();

    await change(() => {
      page.store.looks.value = { ...page.store.looks.peek(), compare: ["v1", "v2"] };
    });
    await settled(page);

    const rows = [...page.root.querySelectorAll(".differences tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows[0]).toEqual(["Requests", "10 rps", "10 rps", "±0 rps"]);
    expect(rows[1]).toEqual(["Errors", "0 %", "10 %", "+10 %"]);
    expect(rows[4]).toEqual(["p95", "50 ms", "100 ms", "+50 ms"]);
    expect(page.root.querySelectorAll(".page-compare .chart")).toHaveLength(5);
    // A line of no errors is not drawn below all that might fail.
    expect(drawn.plots.map(({ spec }) => spec.topOfZeros)).toContain(0.01);
  });

  it("are chosen by two lists", async () => {
    const { page } = await open("c1", faster);
    const [, second] = page.root.querySelectorAll<HTMLSelectElement>(".page-compare select");
    await change(() => {
      if (second !== undefined) second.value = "v2";
      second?.dispatchEvent(new Event("change"));
    });
    await settled(page);

    expect(page.store.looks.value.compare).toEqual(["v1", "v2"]);
  });

  it("are held against each other from the older to the newer, whichever was chosen first", async () => {
    const { page } = await open("c1", faster);
    await change(() => {
      page.store.looks.value = { ...page.store.looks.peek(), compare: ["v2", "v1"] };
    });
    await settled(page);

    const heads = [...page.root.querySelectorAll(".differences thead th")];
    expect(heads.map((head) => head.textContent.trim())).toEqual([
      "Figure",
      "v1",
      "v2",
      "Change v1 → v2",
    ]);
    const errors = page.root.querySelectorAll(".differences tbody tr")[1];
    expect(errors?.lastElementChild?.textContent).toBe("+10 %");
  });

  it("keep the scale that was chosen when other versions are", async () => {
    const { page } = await open("c1", faster);
    const compare = async (...pair: string[]) => {
      await change(() => {
        page.store.looks.value = { ...page.store.looks.peek(), compare: pair };
      });
      await settled(page);
    };
    const scales = () => drawn.plots.filter(({ spec }) => spec.isLog).length;
    await compare("v1", "v2");
    await page.click(".page-compare .chart .segment:last-child input");
    await settled(page);
    const chosen = scales();

    await compare();
    await compare("v2", "v1");

    expect(chosen).toBeGreaterThan(0);
    expect(scales()).toBe(chosen);
  });

  it("are never one and the same", async () => {
    const { page } = await open("c1", faster);
    const lists = () => [...page.root.querySelectorAll<HTMLSelectElement>(".page-compare select")];
    const offered = () =>
      lists().map((list) => [...list.options].map(({ value }) => value).filter(Boolean));
    expect(offered()).toEqual([["v1", "v2"], ["v2"]]);

    await change(() => {
      page.store.looks.value = { ...page.store.looks.peek(), compare: ["v1", "v1"] };
    });
    expect(page.root.querySelector(".differences")).toBeNull();

    await change(() => {
      page.store.looks.value = { ...page.store.looks.peek(), compare: ["v1", "v2"] };
    });
    await change(() => {
      const [first] = lists();
      if (first !== undefined) first.value = "v2";
      first?.dispatchEvent(new Event("change"));
    });
    expect(page.store.looks.value.compare).toEqual(["v2", "v1"]);
  });
});
