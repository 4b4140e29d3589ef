import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { OPS } from "./ast";
import { FIELDS } from "./fields";
import { parse } from "./parse";
import { FLAGS } from "./words";

const page = readFileSync(new URL("../../../../docs/find.md", import.meta.url), "utf8");
const codes = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code));

it("the page on the language has every field, other name, operator and word", () => {
  const names = FIELDS.flatMap(({ name, aliases }) => [name, ...aliases]);
  const operators = OPS.filter((op) => !op.endsWith("in"));
  const missing = [...names, ...operators, ...Object.keys(FLAGS)].filter(
    (each) => !codes.has(each),
  );
  expect(missing).toEqual([]);
});

it("every expression in its first table can be read", () => {
  const [, table = ""] = /\| Ask \|.*\n\|---.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const asked = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text]) => text ?? "");
  expect(asked.length).toBeGreaterThan(8);
  for (const text of asked) expect(parse(text), text).toMatchObject({ ok: true });
});
