import { expect, it } from "vitest";
import { edge, node, snapshot } from "../../testing/make";
import { NOTHING, apply } from "../mesh";
import { edgesCsv, field, nodesCsv } from "./csv";
import { fileName } from "./names";
import { snapshotOf } from "./snapshot";

const frame = snapshot({
  at: 1_773_500_966,
  nodes: [node("cart", { namespace: null }), node("=HYPERLINK(0)", { name: 'a "b", c' })],
  edges: [edge("cart", "=HYPERLINK(0)", { rps: 12.5, error_ratio: null, client_error_ratio: 0 })],
});
const mesh = apply(NOTHING, frame);

/** Read RFC 4180, to see that what is written can be read. */
function read(text: string): Record<string, string>[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of cells) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (end === "\r\n") rows.push([]);
  }
  const [heads = [], ...rest] = rows.slice(0, -1);
  return rest.map((row) => Object.fromEntries(heads.map((head, i) => [head, row[i] ?? ""])));
}

it("writes a picture as the frame that it came from", () => {
  expect(snapshotOf(mesh)).toEqual(frame);
  expect(snapshotOf(NOTHING)).toBeNull();
});

it("writes what is unknown as nothing, and zero as 0", () => {
  const [row] = read(edgesCsv(mesh));

  expect(row).toMatchObject({ requests_per_s: "12.5", error_ratio: "", "4xx_ratio": "0" });
});

it("keeps every row as wide as the heads, whatever is in a name", () => {
  const rows = read(nodesCsv(mesh));

  expect(rows.map((row) => [row.id, row.name, row.namespace])).toEqual([
    ["cart", "cart", ""],
    ["'=HYPERLINK(0)", 'a "b", c', "shop"],
  ]);
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\rx"])(
  "gives no formula to a spreadsheet: %j",
  (text) => {
    expect(field(text).replace(/^"/, "")).toMatch(/^'/);
  },
);

it("leaves numbers alone, also negative ones", () => {
  expect(field(-1.5)).toBe("-1.5");
  expect(field("a-b")).toBe("a-b");
});

it("names files by view and time", () => {
  expect(fileName(mesh, "edges", "csv")).toBe("meshviz-workload-1m-edges-20260314T150926Z.csv");
  const odd = { ...mesh, scope: ["../etc", "Δ x"] };
  expect(fileName(odd, "", "png")).toBe("meshviz-workload-etc-Δ_x-1m-20260314T150926Z.png");
  const many = { ...mesh, scope: ["a", "b", "c"] };
  expect(fileName(many, "", "png")).toContain("-3-namespaces-");
});
