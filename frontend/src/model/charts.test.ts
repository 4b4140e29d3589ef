import { describe, expect, it } from "vitest";
import { history, series } from "../testing/make";
import { chartsOf, thinned } from "./charts";

describe("charts of a history", () => {
  it("come by what one looks at first, incoming before outgoing, without what is unknown", () => {
    const past = history({
      series: [
        series("latency_ms", { way: "out", label: "p50" }),
        series("sent_bps", { way: "in" }),
        series("error_rps", { way: "out", label: "500" }),
        series("latency_ms", { way: "in", label: "p95" }),
        series("latency_ms", { way: "in", label: "avg" }),
        series("client_error_rps", { way: "in", label: "404" }),
        series("error_rps", { way: "in", label: "503 UF" }),
        series("rps", { way: "out" }),
        series("rps", { way: "in" }),
        series("connections_per_s", { way: "in", values: [null, null] }),
      ],
    });

    const charts = chartsOf(past);

    expect(charts.map(({ id }) => id)).toEqual([
      "requests",
      "errors-in",
      "latency-in",
      "bytes",
      "errors-out",
      "latency-out",
    ]);
    const lines = charts.map((chart) =>
      chart.lines.map(({ series: { way, label } }) => [way, label].join(" ").trim()),
    );
    expect(lines.slice(0, 3)).toEqual([
      ["in", "out"],
      ["in 503 UF", "in 404"],
      ["in avg", "in p95"],
    ]);
  });

  it("keep the sides of an edge's latency apart", () => {
    const past = history({
      series: (["client", "server"] as const).map((reporter) =>
        series("latency_ms", { label: "p95", reporter }),
      ),
    });

    expect(chartsOf(past).map(({ id, reporter }) => [id, reporter])).toEqual([
      ["latency-client", "client"],
      ["latency-server", "server"],
    ]);
  });

  it("draw a quantile alike wherever it is, also where others are missing", () => {
    const past = history({ series: [series("latency_ms", { way: "in", label: "p99" })] });

    expect(chartsOf(past)[0]?.lines[0]?.style).toBe(3);
  });
});

it("thins a long time to the first, the last and some between", () => {
  expect(thinned(3, 10)).toEqual([0, 1, 2]);
  expect(thinned(101, 3)).toEqual([0, 50, 100]);
});
