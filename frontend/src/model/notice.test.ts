import { describe, expect, it } from "vitest";
import { node, snapshot, status } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { type Link, ageS, isFresh, notice, sourceWord } from "./notice";

const open: Link = { state: "open" };
const away: Link = { state: "waiting", retryAt: 0, reason: "silent" };
const full = apply(NOTHING, snapshot({ nodes: [node("a")] }));
const withSource = (change: Parameters<typeof status>[0], nodes = [node("a")]) =>
  apply(NOTHING, snapshot({ nodes, source: status(change) }));

describe("notice", () => {
  it("is silent over a fresh graph", () => {
    expect(notice(full, open)).toBeNull();
  });

  it("is silent while a connection with a graph is renewed", () => {
    expect(notice(full, { state: "connecting" })).toBeNull();
  });

  it("is silent over a graph in which everything is idle", () => {
    expect(notice(withSource({ state: "empty", reason: "no_traffic" }), open)).toBeNull();
  });

  it("says that it connects before anything came", () => {
    expect(notice(NOTHING, { state: "connecting" })).toMatchObject({
      kind: "card",
      reason: "connecting",
    });
  });

  it("tells a lost server from a lost Prometheus", () => {
    expect(notice(full, away)).toMatchObject({ kind: "banner", reason: "offline" });
    expect(notice(NOTHING, away)).toMatchObject({ kind: "card", reason: "offline" });
  });

  it.each(["unreachable", "timeout", "rejected", "garbled"] as const)(
    "puts a banner with the reason over an old graph: %s",
    (reason) => {
      const mesh = withSource({ state: "stale", reason, detail: "HTTP 500", advice: "Look." });

      expect(notice(mesh, open)).toEqual({
        kind: "banner",
        reason,
        detail: "HTTP 500",
        advice: "Look.",
      });
    },
  );

  it.each([
    "starting",
    "unreachable",
    "window_too_short",
    "no_istio_metrics",
    "no_traffic",
    "namespace_filter",
  ] as const)("shows a card on an empty page: %s", (reason) => {
    const mesh = withSource({ state: reason === "unreachable" ? "down" : "empty", reason }, []);

    expect(notice(mesh, open)).toMatchObject({ kind: "card", reason });
  });

  it("says over a fresh graph that its numbers are too low", () => {
    const mesh = withSource({ reason: "gap", detail: "30 s of 60 s.", advice: "Wait." });

    expect(notice(mesh, open)).toEqual({
      kind: "banner",
      reason: "gap",
      detail: "30 s of 60 s.",
      advice: "Wait.",
    });
    expect(sourceWord(mesh)).toBe("gap");
    expect(isFresh(mesh)).toBe(true);
  });

  it("never shows an empty page without a reason", () => {
    expect(notice(withSource({}, []), open)).toMatchObject({ kind: "card", reason: "no_traffic" });
  });
});

describe("the source in a word", () => {
  it.each(["unreachable", "timeout", "rejected", "garbled", "window_too_short"] as const)(
    "says why nothing new comes: %s",
    (reason) => {
      expect(sourceWord(withSource({ state: "stale", reason }))).toBe(reason);
      expect(sourceWord(withSource({ state: "down", reason }, []))).toBe(reason);
    },
  );

  it("has words of its own for who may see nothing", () => {
    const source = status({
      state: "empty",
      reason: "not_permitted",
      detail: "You may see no namespace.",
      advice: "Ask.",
    });
    const shown = notice(apply(NOTHING, snapshot({ source })), { state: "open" });

    expect(shown).toEqual({ kind: "card", reason: "not_permitted", detail: "", advice: "" });
  });

  it("waits for the first answer rather than calling it empty", () => {
    expect(sourceWord(withSource({ state: "empty", reason: "starting" }, []))).toBe("starting");
    expect(sourceWord(withSource({ state: "empty", reason: "no_traffic" }, []))).toBe("empty");
  });

  it("is good while the graph is fresh", () => {
    expect(sourceWord(withSource({}))).toBe("ok");
    expect(sourceWord(withSource({ state: "empty", reason: "no_traffic" }))).toBe("ok");
  });
});

describe("age", () => {
  it("goes on between frames", () => {
    expect(ageS(withSource({ age_s: 4 }), 10_000, 13_000)).toBe(7);
  });

  it("is unknown before the first data", () => {
    expect(ageS(withSource({ age_s: null }), 0, 1000)).toBeNull();
  });
});
