import { expect, it } from "vitest";
import { edge, node, outsider, side, snapshot } from "../testing/make";
import type { Edge } from "./entities";
import { NOTHING, apply } from "./mesh";
import { countStates, whyNotMtls } from "./security";

const nodes = [
  node("a"),
  node("b"),
  node("stranger", { kind: "unknown" }),
  outsider("callers"),
  node("bank", { kind: "external" }),
];
const why = (source: string, target: string, state: Edge["mtls"]["state"], more = {}) =>
  whyNotMtls(
    apply(NOTHING, snapshot({ nodes })),
    edge(source, target, { mtls: { state, ratio: null }, ...more }),
  );

it("needs no reason where all is mutual TLS", () => {
  expect(why("a", "b", "mtls")).toEqual([]);
});

it("tells callers without a proxy from those that send plain text", () => {
  expect(why("stranger", "b", "plaintext")).toEqual(["callerUnknown", "permissive"]);
  expect(why("z/callers", "b", "plaintext")).toEqual(["callerOutside", "permissive"]);
  expect(why("a", "b", "plaintext")).toEqual(["callerSilent", "permissive"]);
  expect(why("a", "b", "plaintext", { client: side() })).toEqual(["callerPlain", "permissive"]);
  expect(why("a", "b", "mixed", { client: side() })).toEqual(["both", "callerPlain", "permissive"]);
});

it("says why it cannot tell", () => {
  expect(why("a", "bank", "unknown")).toEqual(["outside"]);
  expect(why("a", "b", "unknown")).toEqual(["serverSilent"]);
  expect(why("a", "b", "unknown", { health: "idle" })).toEqual(["noTraffic"]);
});

it("counts edges by state", () => {
  const plain = edge("a", "b", { mtls: { state: "plaintext", ratio: 0 } });

  expect(countStates([edge("a", "b"), plain, plain])).toEqual({
    mtls: 1,
    mixed: 0,
    plaintext: 2,
    unknown: 0,
  });
});
