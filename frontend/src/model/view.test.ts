import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW, sameView, viewOf, viewParams, viewRequest } from "./view";

const rich = {
  ...DEFAULT_VIEW,
  window: "5m",
  namespaces: ["a&b", "ü\u2028"],
  perspective: "client" as const,
  idle: true,
  operations: true,
  collapsed: ["c", "d"],
};

describe("a view", () => {
  it("is read back from the parameters that it makes", () => {
    expect(viewOf(viewParams(rich))).toEqual(rich);
    expect(viewOf(viewParams(DEFAULT_VIEW))).toEqual(DEFAULT_VIEW);
  });

  it("says only what differs from the usual view", () => {
    expect(viewParams(DEFAULT_VIEW).toString()).toBe("type=versioned_app");
    expect(Object.keys(viewRequest(DEFAULT_VIEW, "1m"))).toEqual([
      "type",
      "graph_type",
      "window",
      "namespaces",
    ]);
  });

  it("asks an open socket for all that differs", () => {
    expect(viewRequest(rich, "1m")).toEqual({
      type: "view",
      graph_type: "versioned_app",
      window: "5m",
      namespaces: rich.namespaces,
      perspective: "client",
      idle: true,
      operations: true,
      collapsed: ["c", "d"],
    });
  });

  it.each(["perspective", "idle", "waypoints", "operations"] as const)(
    "is another one when %s differs",
    (name) => {
      const changed = { ...DEFAULT_VIEW, [name]: name === "perspective" ? "server" : true };

      expect(sameView(DEFAULT_VIEW, changed)).toBe(false);
      expect(sameView(changed, { ...changed })).toBe(true);
    },
  );

  it("is another one when other namespaces are collapsed", () => {
    expect(sameView(DEFAULT_VIEW, { ...DEFAULT_VIEW, collapsed: ["shop"] })).toBe(false);
  });

  it("tells one namespace with a line break from two", () => {
    const one = { ...DEFAULT_VIEW, namespaces: ["a\nb"] };

    expect(sameView(one, { ...DEFAULT_VIEW, namespaces: ["a", "b"] })).toBe(false);
  });

  it("takes the default for a perspective that does not exist", () => {
    expect(viewOf(new URLSearchParams("perspective=sideways&idle=yes"))).toEqual(DEFAULT_VIEW);
  });
});
