import { afterEach, expect, it } from "vitest";
import { edge } from "../testing/make";
import { writeIn } from "./format";
import { LABELS, edgeLabel } from "./labels";

afterEach(() => writeIn("en"));

const all = new Set(LABELS);
const texts = (...args: Parameters<typeof edgeLabel>) => edgeLabel(...args).map((l) => l.text);

it("writes nothing when nothing is chosen", () => {
  expect(edgeLabel(edge("a", "b"), new Set())).toEqual([]);
});

it("leaves out what is unknown instead of writing 0", () => {
  const silent = edge("a", "b", { rps: null, error_ratio: null });

  expect(texts(silent, all)).toEqual([]);
});

it("mentions errors only where there are some, and marks them", () => {
  expect(edgeLabel(edge("a", "b", { error_ratio: 0 }), new Set(["errors"]))).toEqual([]);
  expect(edgeLabel(edge("a", "b", { error_ratio: 0.25 }), new Set(["errors"]))).toEqual([
    { text: "25 % err", bad: true },
  ]);
});

it("speaks the page's language", () => {
  writeIn("ja");
  const latency_ms = { avg: 1, p50: 2, p90: 3, p95: 4, p99: 5 };
  const failing = edge("a", "b", { error_ratio: 0.25, latency_ms });

  expect(texts(failing, new Set(["errors", "avg"]))).toEqual(["エラー 25 %", "平均 1 ms"]);
});

it("writes the chosen quantiles in their fixed order", () => {
  const latency_ms = { avg: 1, p50: 2, p90: 3, p95: 4, p99: 5 };

  const lines = texts(edge("a", "b", { latency_ms }), new Set(["p99", "avg", "p95"]));

  expect(lines).toEqual(["avg 1 ms", "p95 4 ms", "p99 5 ms"]);
});

it("writes bytes where TCP has no requests", () => {
  const tcp = edge("a", "b", { protocol: "tcp", rps: null, received_bps: 1000, sent_bps: null });

  expect(texts(tcp, new Set(["rps"]))).toEqual(["→ 1 kB/s"]);
  expect(texts(tcp, new Set(["throughput"]))).toEqual(["→ 1 kB/s"]);
  expect(texts(tcp, new Set(["rps", "throughput"]))).toEqual(["→ 1 kB/s"]);
});

it("says how much is mutual TLS only where it is a part", () => {
  const mixed = edge("a", "b", { mtls: { state: "mixed", ratio: 0.7 } });

  expect(texts(mixed, new Set(["mtls"]))).toEqual(["70 % mTLS"]);
  expect(texts(edge("a", "b"), new Set(["mtls"]))).toEqual([]);
});
