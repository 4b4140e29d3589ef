import { expect, it } from "vitest";
import { distinct, inOrder } from "./versions";

const found = (component: string, version: string) => ({ component, version, count: 1 });

it("orders versions by their numbers, not by their letters", () => {
  const versions = ["1.10.0", "1.5.1", "1.24.2", "1.5.0"].map((each) => found("proxy", each));

  expect(distinct(versions)).toEqual(["1.5.0", "1.5.1", "1.10.0", "1.24.2"]);
});

it("keeps components together, and names a version that two have once", () => {
  const versions = [found("proxy", "1.10"), found("pilot", "1.10"), found("proxy", "1.5")];

  expect(inOrder(versions).map((each) => `${each.component} ${each.version}`)).toEqual([
    "pilot 1.10",
    "proxy 1.5",
    "proxy 1.10",
  ]);
  expect(distinct(versions)).toEqual(["1.5", "1.10"]);
});
