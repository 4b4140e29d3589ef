import { expect, it } from "vitest";
import { NO_FILTER } from "./filter";
import { DEFAULT_LABELS } from "./labels";
import { USUAL_LOOKS } from "./looks";
import { DEFAULT_VIEW } from "./view";
import { type Page, formatPage, parsePage } from "./page";

const page: Page = {
  view: {
    graphType: "service",
    window: "5m",
    namespaces: ["boutique", "shop"],
    collapsed: ["bookinfo"],
    perspective: "client",
    idle: true,
    waypoints: false,
    operations: true,
  },
  labels: ["rps", "p99"],
  selection: { kind: "edge", id: "w/a b|w/c&d|http" },
  filter: {
    find: "rps > 10 and (error > 1% or mtls != full)",
    hide: "ns = istio-system",
    edges: "unhealthy",
    minRps: 0.5,
    minErrorRatio: 0.01,
    focus: { id: "w/a b", hops: 2, way: "down" },
  },
  looks: {
    layout: "concentric",
    motion: "off",
    camera: { x: -120, y: 44, k: 0.75 },
    kiosk: true,
    cycleS: 30,
    open: "w/a b",
    range: "6h",
    compare: ["v1", "v2"],
  },
};

it("reads back every address that it writes", () => {
  expect(parsePage(formatPage(page))).toEqual(page);
});

it("reads back a selected namespace, which is not one that is looked at", () => {
  const selection = { kind: "namespace", id: "shop" } as const;
  const address = formatPage({ ...parsePage("?namespace=a"), selection });

  expect(address).toBe("?namespace=a&in_namespace=shop");
  expect(parsePage(address).selection).toEqual(selection);
});

it("reads back a page without labels", () => {
  expect(parsePage(formatPage({ ...page, labels: [] })).labels).toEqual([]);
});

it("keeps the usual page's address empty", () => {
  expect(formatPage(parsePage(""))).toBe("");
});

it.each([
  ["node=w%2F%2Fshop%2Fcart", ["bank"]],
  ["edge=w%2F%2Fbank%2Fa%7Cw%2F%2Fshop%2Fcart%7Chttp", []],
  ["focus=w%2F%2Fshop%2Fcart&hops=2", ["bank"]],
  ["open=w%2F%2Fshop%2Fcart", ["bank"]],
  ["node=n%2F%2Fshop", ["bank", "shop"]],
  ["in_namespace=shop", ["bank", "shop"]],
])("expands the namespace of what it asks for: %s", (asked, collapsed) => {
  const page = parsePage(`?collapse=bank&collapse=shop&${asked}`);

  expect(page.view.collapsed).toEqual(collapsed);
  expect(parsePage(formatPage(page))).toEqual(page);
});

it("puts defaults where an address is wrong", () => {
  const parsed = parsePage("?type=galaxy&labels=rps,nonsense&namespace=&namespace=b&namespace=b");

  expect(parsed.view).toEqual({ ...DEFAULT_VIEW, namespaces: ["b"] });
  expect(parsed.labels).toEqual(["rps"]);
  expect(parsePage("").labels).toEqual(DEFAULT_LABELS);
  expect(parsePage("?labels=xx").labels).toEqual(DEFAULT_LABELS);
  expect(parsePage("?edges=some&min_rps=-1&min_errors=x&hops=2&way=up").filter).toEqual(NO_FILTER);
  expect(parsePage("?focus=a&hops=9&way=round").filter.focus).toEqual({
    id: "a",
    hops: 1,
    way: "both",
  });
  expect(parsePage("?layout=heap&motion=1&kiosk=1").looks).toEqual(USUAL_LOOKS);
});

it.each(["", "1,2", "1,2,0", "1,2,3,4", ",,1", "a,b,c", "1,2,-3"])("ignores camera %j", (text) => {
  expect(parsePage(`?camera=${text}`).looks.camera).toBeNull();
});

it("lets no wall change faster than it can be read", () => {
  expect(parsePage("?cycle=1").looks.cycleS).toBe(5);
  expect(parsePage("?cycle=99999").looks.cycleS).toBe(3600);
  expect(parsePage("?cycle=soon").looks.cycleS).toBeNull();
  expect(parsePage("?cycle=-3").looks.cycleS).toBeNull();
});
