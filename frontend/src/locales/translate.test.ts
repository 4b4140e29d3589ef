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
