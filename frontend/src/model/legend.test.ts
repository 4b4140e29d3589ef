import { expect, it } from "vitest";
import { edge, node, outsider, snapshot } from "../testing/make";
import { legendOf } from "./legend";
import { NOTHING, apply } from "./mesh";

const legend = (change: Parameters<typeof snapshot>[0]) =>
  legendOf(apply(NOTHING, snapshot(change)));

it("explains nothing where nothing is drawn", () => {
  expect(legend({})).toEqual({
    healths: [],
    hasTcp: false,
    kinds: [],
    rims: [],
    hasIdleNodes: false,
    hasOutside: false,
    troubles: [],
    hasVersions: false,
    locks: [],
    hasErrors: false,
  });
});

it("explains what is drawn, worst first", () => {
  const found = legend({
    nodes: [
      node("a", { kind: "gateway" }),
      node("b", { health: "failing", version: "v1" }),
      node("c", { health: "idle", outside: true }),
    ],
    edges: [
      edge("a", "b", { error_ratio: 0.2, health: "failing" }),
      edge("b", "c", { mtls: { state: "plaintext", ratio: 0 } }),
    ],
  });

  expect(found).toEqual({
    healths: ["failing", "healthy"],
    hasTcp: false,
    kinds: ["workload", "gateway"],
    rims: ["failing", "healthy"],
    hasIdleNodes: true,
    hasOutside: true,
    troubles: ["failing"],
    hasVersions: true,
    locks: ["mtls", "plaintext"],
    hasErrors: true,
  });
});

it("gives TCP its own line, except where it is in trouble", () => {
  const fine = edge("a", "b", { protocol: "tcp" });
  const bad = edge("b", "a", { protocol: "tcp", health: "failing" });

  expect(legend({ edges: [fine] })).toMatchObject({ hasTcp: true, healths: [] });
  expect(legend({ edges: [bad] })).toMatchObject({ hasTcp: false, healths: ["failing"] });
});

it("does not call the absence of versions a version", () => {
  expect(legend({ nodes: [node("a", { version: "latest" })] }).hasVersions).toBe(false);
});

it("explains those who may not be seen as a kind, not as neighbours of what was chosen", () => {
  expect(legend({ nodes: [outsider("callers")] })).toMatchObject({
    kinds: ["outside"],
    hasOutside: false,
  });
});
