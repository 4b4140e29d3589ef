import { expect, it } from "vitest";
import { DEFAULT_LABELS } from "./labels";
import { DEFAULT_VIEW } from "./view";
import { type Page, formatPage, parsePage } from "./page";

const page: Page = {
  view: {
    graphType: "service",
    window: "5m",
    namespaces: ["boutique", "shop"],
    perspective: "client",
    idle: true,
    waypoints: false,
    operations: true,
  },
  labels: ["rps", "p99"],
  selection: { kind: "edge", id: "w/a b|w/c&d|http" },
};

it("reads back every address that it writes", () => {
  expect(parsePage(formatPage(page))).toEqual(page);
});

it("reads back a page without labels", () => {
  expect(parsePage(formatPage({ ...page, labels: [] })).labels).toEqual([]);
});

it("keeps the usual page's address empty", () => {
  expect(formatPage(parsePage(""))).toBe("");
});

it("puts defaults where an address is wrong", () => {
  const parsed = parsePage("?type=galaxy&labels=rps,nonsense&namespace=&namespace=b&namespace=b");

  expect(parsed.view).toEqual({ ...DEFAULT_VIEW, namespaces: ["b"] });
  expect(parsed.labels).toEqual(["rps"]);
  expect(parsePage("").labels).toEqual(DEFAULT_LABELS);
  expect(parsePage("?labels=xx").labels).toEqual(DEFAULT_LABELS);
});
