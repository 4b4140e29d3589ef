import { describe, expect, it } from "vitest";
import { query } from "../testing/make";
import { ageNowS, areAdded, behind } from "./provenance";

const server = query("rps", { reporter: "destination", promql: "server" });
const lost = query("rps", { reporter: "source", promql: "lost" });
const p95 = query("latency_ms.p95", { reporter: "source", promql: "p95" });

describe("the queries behind a number", () => {
  it("are those that name its field", () => {
    expect(behind([server, lost, p95], "rps")).toEqual([server, lost]);
  });

  it("are those of the side where the server gives them", () => {
    const own = query("client.rps", { promql: "own" });

    expect(behind([server, lost, own], "client.rps")).toEqual([own]);
  });

  it("are the edge's own where it shows that side", () => {
    expect(behind([server, lost], "server.rps")).toEqual([server]);
    expect(behind([p95], "client.latency_ms.p95")).toEqual([p95]);
  });

  it("are never those of failures alone for the whole of a side", () => {
    expect(behind([server, lost], "client.rps")).toEqual([]);
  });

  it("are never the other side's", () => {
    expect(behind([p95], "server.latency_ms.p95")).toEqual([]);
    expect(behind([server], "gap.network_ms")).toEqual([]);
  });
});

describe("several queries of one number", () => {
  it.each([
    "rps",
    "in.rps",
    "gap.timed_out_rps",
    "client.sent_bps",
    "connections_per_s",
    "responses",
  ])("add up: %s", (field) => expect(areAdded(field)).toBe(true));

  it.each(["error_ratio", "server.latency_ms.p95", "mtls", "hosts", "gap.network_ms"])(
    "do not add up: %s",
    (field) => expect(areAdded(field)).toBe(false),
  );
});

describe("the age of a number", () => {
  it("follows the picture, which goes on being renewed", () => {
    expect(ageNowS(query("rps", { age_s: 3 }), 3, 1)).toBe(1);
  });

  it("keeps its lag behind the picture", () => {
    expect(ageNowS(query("latency_ms.p95", { age_s: 23 }), 3, 5)).toBe(25);
  });

  it("is what the server said where the picture's age is not known", () => {
    expect(ageNowS(query("rps", { age_s: 3 }), null, 5)).toBe(3);
    expect(ageNowS(query("rps", { age_s: null }), 1, 5)).toBeNull();
  });
});
