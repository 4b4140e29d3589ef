import { describe, expect, it } from "vitest";
import { edge, node, snapshot } from "../../testing/make";
import { NOTHING, apply } from "../mesh";
import { complete, completed } from "./complete";
import { parse } from "./parse";
import { EXAMPLES, PRESETS } from "./presets";

const mesh = apply(
  NOTHING,
  snapshot({
    nodes: [
      node("reviews", { namespace: "bookinfo" }),
      node("ratings", { namespace: "bookinfo" }),
      node("cart", { namespace: "boutique" }),
      node("a b", { namespace: null }),
    ],
    edges: [
      edge("cart", "reviews", {
        responses: [{ code: "503", flags: "UO,URX", rps: 1, error: true }],
        hosts: ["reviews:9080"],
      }),
    ],
  }),
);

/** The options where `|` stands. */
function options(text: string): string[] {
  const cursor = text.indexOf("|");
  return complete(text.replace("|", ""), cursor, mesh).options.map((option) => option.text);
}

function accepted(text: string, index = 0): string {
  const cursor = text.indexOf("|");
  const plain = text.replace("|", "");
  const completion = complete(plain, cursor, mesh);
  const option = completion.options[index];
  if (option === undefined) throw new Error(`nothing fits ${text}`);
  const put = completed(plain, completion, option);
  return `${put.text.slice(0, put.cursor)}|${put.text.slice(put.cursor)}`;
}

describe("offers", () => {
  it("fields, words that hold alone and joints at the start", () => {
    expect(options("|")).toEqual(expect.arrayContaining(["name", "failing", "not", "("]));
    expect(options("|")).not.toContain("and");
  });

  it.each([
    [
      "la|",
      [
        "latency.avg",
        "latency.p50",
        "latency.p90",
        "latency.p95",
        "latency.p99",
        "flag",
        "plaintext",
      ],
    ],
    ["ns|", ["namespace", "connections"]],
    ["rps > 1 and hea|", ["health", "healthy", "unhealthy"]],
    ["not fai|", ["failing"]],
    ["(hos|", ["host"]],
    ["source.name |", ["=", "!=", "*=", "^=", "$=", "!*=", "!^=", "!$=", "in", "not in"]],
    ["health |", ["=", "!=", "in", "not in"]],
    ["ns = |", ["bookinfo", "boutique"]],
    ["ns = bout|", ["boutique"]],
    ["ns = tique|", ["boutique"]],
    ["ns in (bookinfo, |", ["bookinfo", "boutique"]],
    ["ns in |", ["("]],
    ["ns in (bookinfo |", [",", ")"]],
    ["flag is |", ["UO", "URX"]],
    ["health is not fail|", ["failing"]],
    ["code = |", ["503"]],
    ["host contains |", ["reviews:9080"]],
    ["name = |", ['"a b"', "cart", "ratings", "reviews"]],
    ["name = a|", ['"a b"', "cart", "ratings"]],
    ['name = "a|', ['"a b"', "cart", "ratings"]],
    ["mtls = |", ["full", "mixed", "none", "unknown"]],
    ["error > |", ["0%", "1%", "5%", "10%", "50%", "unknown"]],
    ["ns = a |", ["and", "or"]],
    ["(ns = a |", ["and", "or", ")"]],
    ["ns = a o|", ["or"]],
    ["idle |", ["and", "or"]],
    ["(tcp |", ["=", "!=", ">", ">=", "<", "<=", "in", "not in", "and", "or", ")"]],
    ["xyzzy |", []],
  ])("%s", (text, expected) => expect(options(text)).toEqual(expected));
});

describe("puts in", () => {
  it.each([
    ["|", "name |"],
    ["n|", "name |"],
    ["ns|", "namespace |"],
    ["na|me = x", "name |= x"],
    ["health|", "health |"],
    ["ns =|", "ns = bookinfo|"],
    ["ns = bo|okin and idle", "ns = bookinfo| and idle"],
    ["ns in |", "ns in (|"],
    ["ns in (book|", "ns in (bookinfo|"],
    ["ns in (bookinfo |", "ns in (bookinfo, |"],
    ["name = 'a|", 'name = "a b"|'],
    ["fail|", "failing|"],
  ])("%s", (text, expected) => expect(accepted(text)).toBe(expected));
});

it("every preset and every example can be read", () => {
  const all = [...Object.values(PRESETS.find), ...Object.values(PRESETS.hide), ...EXAMPLES];
  for (const text of all) expect(parse(text), text).toMatchObject({ ok: true });
});
