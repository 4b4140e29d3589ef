import { describe, expect, it } from "vitest";
import { edge, node, snapshot } from "../../testing/make";
import { NOTHING, apply } from "../mesh";
import { compile, select } from "./compile";
import { parse } from "./parse";

const latency = (p95: number) => ({ avg: p95 / 2, p50: p95 / 2, p90: p95, p95, p99: p95 });
const rates = (rps: number, error_ratio: number) => ({
  rps,
  error_ratio,
  client_error_ratio: 0.02,
  sent_bps: 1500,
  received_bps: 500,
});

const mesh = apply(
  NOTHING,
  snapshot({
    nodes: [
      node("gateway", { namespace: "istio-system", kind: "gateway", out: rates(100, 0) }),
      node("productpage", {
        namespace: "bookinfo",
        version: "v1",
        in: rates(100, 0.07),
        latency_ms: latency(300),
        health: "failing",
        mtls: { state: "mixed", ratio: 0.6 },
        principals: ["spiffe://cluster.local/ns/bookinfo/sa/productpage"],
        responses: [{ code: "503", flags: "UO,URX", rps: 7, error: true, protocol: "http" }],
      }),
      node("reviews", { namespace: "bookinfo", versions: ["v1", "v2"], in: rates(60, 0) }),
      node("db", { namespace: "data", kind: "external", health: "unknown", cluster: "west" }),
      node("lonely", { namespace: "data", health: "idle" }),
    ],
    edges: [
      edge("gateway", "productpage", {
        rps: 100,
        error_ratio: 0.07,
        health: "failing",
        latency_ms: latency(300),
        hosts: ["productpage.bookinfo:9080"],
        responses: [{ code: "503", flags: "UO", rps: 7, error: true }],
        mtls: { state: "mixed", ratio: 0.6 },
      }),
      edge("productpage", "reviews", { rps: 60, protocol: "grpc" }),
      edge("productpage", "db", {
        protocol: "tcp",
        rps: null,
        error_ratio: null,
        sent_bps: 20_000,
        received_bps: null,
        mtls: { state: "unknown", ratio: null },
      }),
    ],
  }),
);

/** Names of what an expression is true for: nodes, then edges as "source>target". */
function said(text: string): string {
  const parsed = parse(text);
  if (!parsed.ok || parsed.ast === null) throw new Error(`cannot read ${text}`);
  const { nodes, edges } = select(compile(parsed.ast), mesh);
  const lines = [...edges].map((id) => id.split("|").slice(0, 2).join(">"));
  return [...nodes, ...lines].join(" ");
}

const GP = "gateway>productpage";
const PR = "productpage>reviews";
const PD = "productpage>db";

describe("a field of nodes", () => {
  it.each([
    ["ns = bookinfo", `productpage reviews ${GP} ${PR} ${PD}`],
    ["name = DB", `db ${PD}`],
    ["name *= view", `reviews ${PR}`],
    ["name ^= product and not name $= s", `productpage ${GP} ${PR} ${PD}`],
    ["kind = external", `db ${PD}`],
    ["version = v2", `reviews ${PR}`],
    ["version != v2", `productpage ${GP} ${PR} ${PD}`],
    ["cluster is unknown and ns = data", `lonely`],
    ["cluster != west", ""],
    ["entry", `gateway ${GP}`],
    ["callers = 0", `gateway lonely ${GP}`],
    ["calls >= 2", `productpage ${GP} ${PR} ${PD}`],
    ["rank = 1", `productpage ${GP} ${PR} ${PD}`],
    ["rank = 100", "lonely"],
    ["rps.out > 50", `gateway ${GP}`],
    ["http.in > 99", `productpage ${GP} ${PR} ${PD}`],
    ["tcp.out > 10kB", `productpage ${GP} ${PR} ${PD}`],
    ["name in (db, lonely)", `db lonely ${PD}`],
  ])("%s holds for an edge with one of its ends", (text, expected) =>
    expect(said(text)).toBe(expected),
  );

  it("is asked of one end at a time", () => {
    expect(said("ns = data and kind = external")).toBe(`db ${PD}`);
    expect(said("name = productpage and kind = external")).toBe("");
    expect(said("source.name = productpage and target.kind = external")).toBe(
      `productpage db ${PD}`,
    );
  });
});

describe("a field of edges", () => {
  it.each([
    ["protocol = tcp", `productpage db ${PD}`],
    ["grpc", `productpage reviews ${PR}`],
    ["host *= :9080", `gateway productpage ${GP}`],
    ["http.error > 5%", `gateway productpage ${GP}`],
    ["share >= 100%", `gateway productpage ${GP}`],
    ["tcp > 10kB", `productpage db ${PD}`],
    ["edge.rps > 70", `gateway productpage ${GP}`],
  ])("%s holds for a node with one of its edges", (text, expected) =>
    expect(said(text)).toBe(expected),
  );

  it("is asked of one edge at a time, together with what both have", () => {
    expect(said("protocol = tcp and rps > 1")).toBe("");
    expect(said("protocol = grpc and rps > 50 and ns = bookinfo")).toBe(
      `productpage reviews ${PR}`,
    );
  });
});

describe("a field of both", () => {
  it.each([
    ["health = failing", `productpage ${GP}`],
    ["rps > 10 and error > 1% or mtls != full", `productpage ${GP}`],
    ["latency.p95 > 250ms", `productpage ${GP}`],
    ["code = 503", `productpage ${GP}`],
    ["code = 5xx", `productpage ${GP}`],
    ["code >= 500", `productpage ${GP}`],
    ["code != 503", ""],
    ["flag = uo", `productpage ${GP}`],
    ["flag = URX", "productpage"],
    ["principal *= sa/productpage", "productpage"],
    ["throughput >= 2kB", `productpage reviews ${PD}`],
    ["4xx > 1%", "productpage reviews"],
    ["mtls < 100%", `productpage ${GP}`],
  ])("%s is a node's own, and an edge's own", (text, expected) =>
    expect(said(text)).toBe(expected),
  );

  it("compares shares exactly: 7 % is not above 7 %", () => {
    expect(said("error > 7%")).toBe("");
    expect(said("error >= 7%")).toBe(`productpage ${GP}`);
  });
});

describe("what is unknown", () => {
  it("matches no comparison, whichever way", () => {
    expect(said("rps >= 0")).toBe(`productpage reviews ${GP} ${PR}`);
    expect(said("rps < 1000000")).toBe(`productpage reviews ${GP} ${PR}`);
    expect(said("rps != 5")).toBe(`productpage reviews ${GP} ${PR}`);
    expect(said("mtls != full")).toBe(`productpage ${GP}`);
    expect(said("health != failing")).toBe(`gateway reviews lonely ${PR} ${PD}`);
  });

  it("is asked for by name", () => {
    expect(said("rps = unknown")).toBe(`gateway db lonely ${PD}`);
    expect(said("rps is not unknown")).toBe(`productpage reviews ${GP} ${PR}`);
    expect(said("health is unknown")).toBe("db");
    expect(said("code is unknown and ns = bookinfo")).toBe(`reviews ${PR} ${PD}`);
    expect(said("rps in (60, unknown) and ns = bookinfo")).toBe(`reviews ${PR} ${PD}`);
    expect(said("rps not in (60, unknown)")).toBe(`productpage ${GP}`);
  });

  it("makes `not` different from `!=`", () => {
    expect(said("not mtls = full")).toBe(`gateway productpage reviews db lonely ${GP} ${PD}`);
  });
});
