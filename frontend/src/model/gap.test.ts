import { expect, it } from "vitest";
import { edge, gap, side } from "../testing/make";
import { gapUnknown } from "./gap";

it("knows what both sides tell", () => {
  const both = edge("a", "b", { client: side(), server: side(), gap: gap({ network_ms: 0 }) });

  expect(gapUnknown(both, "network_ms")).toBeNull();
  expect(gapUnknown(both, "retried_rps")).toBe("requests");
});

it("names the side that says nothing", () => {
  expect(gapUnknown(edge("a", "b", { server: side() }), "network_ms")).toBe("silentClient");
  expect(gapUnknown(edge("a", "b", { client: side() }), "network_ms")).toBe("silentServer");
});

it("misses latency where both count requests without it", () => {
  const both = edge("a", "b", { client: side(), server: side(), gap: gap({ retried_rps: 0 }) });

  expect(gapUnknown(both, "network_ms")).toBe("latency");
});
