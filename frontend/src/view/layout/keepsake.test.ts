import { expect, it } from "vitest";
import { type Saved, readSaved, writtenSaved } from "./keepsake";

const subject = { layout: "grid", graphType: "app", scope: ["shop"], focus: null } as const;

function saved(ids: readonly string[], pins: readonly string[] = []): Saved {
  return {
    subject,
    kept: {
      base: { nodes: 1, edges: 1, born: 1 },
      places: new Map(ids.map((id, i) => [id, { x: i, y: 10 - i }])),
      pins: new Set(pins),
      centre: "a",
      held: false,
    },
  };
}

/** By way of the database or the browser's storage. */
const kept = (one: Saved) => JSON.parse(JSON.stringify(writtenSaved(one))) as unknown;

it("comes back as it was, but for what was laid out when", () => {
  const before = saved(["a", "b"], ["b"]);

  expect(readSaved(kept(before))).toEqual({ subject, kept: { ...before.kept, base: null } });
});

it("keeps what somebody placed when not all fits on the server, and then the newest", () => {
  const ids = Array.from({ length: 9_000 }, (_, i) => `ノード-${"n".repeat(20)}-${i}`);
  const before = saved(ids, [ids[0] ?? "", ids[17] ?? ""]);

  const text = JSON.stringify(writtenSaved(before));

  expect(new TextEncoder().encode(text).length).toBeLessThan(256 * 1024);
  expect(text.length).toBeGreaterThan(100 * 1024);
  const after = readSaved(JSON.parse(text));
  expect([...(after?.kept.pins ?? [])]).toEqual([ids[0], ids[17]]);
  const has = (i: number) => after?.kept.places.has(ids[i] ?? "");
  expect([0, 1, 17, 18, 8_999].map(has)).toEqual([true, false, true, false, true]);
});

it.each([
  [null],
  [[]],
  [{}],
  [{ a: [1, 2] }],
  [{ subject: { ...subject, layout: "../views" }, kept: { places: { a: [1, 2] } } }],
  [{ subject: { ...subject, scope: [7] }, kept: { places: { a: [1, 2] } } }],
  [{ subject, kept: { places: { a: "b" } } }],
])("passes over what the page would not have written: %j", (stored) => {
  expect(readSaved(stored)).toBeNull();
});
