import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Key, en } from "./en";
import { ja } from "./ja";
import { translate } from "./translate";

const KEYS = Object.keys(en) as Key[];
const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

it("has every text in both languages, with the same blanks to fill", () => {
  for (const key of KEYS) {
    expect(ja[key], key).not.toBe("");
    expect(blanks(ja[key]), key).toEqual(blanks(en[key]));
  }
});

it("fills the blanks and leaves unknown ones standing", () => {
  expect(translate("en", "namespacesCount", { n: 3 })).toBe("3 namespaces");
  expect(translate("en", "namespacesCount")).toBe("{n} namespaces");
});

it("has no text that nothing shows", () => {
  const source = join(import.meta.dirname, "..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const code = files
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|locales/.test(name))
    .map((name) => readFileSync(join(source, name), "utf8"))
    .join("\n");
  // Families such as health.* are looked up by a template: `health.${health}`.
  const isUsed = (key: string) =>
    code.includes(`"${key}"`) || code.includes(`\`${key.split(".")[0] ?? key}.$\{`);

  expect(KEYS.filter((key) => !isUsed(key))).toEqual([]);
});
