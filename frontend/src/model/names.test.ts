import { afterEach, describe, expect, it } from "vitest";
import { fetchWords } from "../locales/translate";
import { node, outsider } from "../testing/make";
import type { Node } from "./entities";
import { writeIn } from "./format";
import { fullName, nameOf } from "./names";

const named = (nodes: readonly Node[]) => {
  const mesh = new Map(nodes.map((each) => [each.id, each]));
  return nodes.map(({ id }) => nameOf(mesh, id));
};
const at = (id: string, namespace: string, cluster: string | null) =>
  node(id, { name: "reviews", namespace, cluster });

it.each([
  ["reviews", "v2", "reviews v2"],
  ["reviews-v2", "v2", "reviews-v2"],
  ["frontend", "latest", "frontend"],
  ["frontend", null, "frontend"],
  ["a\nb", "\u202e1", "a␊b ⟨U+202E⟩1"],
])("names %j in version %j %j", (name, version, text) => {
  expect(fullName(node("x", { name, version }))).toBe(text);
});

it("falls back to the id of a node that is gone", () => {
  expect(nameOf(new Map(), "w/a")).toBe("w/a");
});

describe("nodes of the same name", () => {
  it("say their cluster where only that differs", () => {
    expect(named([at("1", "shop", "east"), at("2", "shop", "west")])).toEqual([
      "reviews (east)",
      "reviews (west)",
    ]);
  });

  it("say their namespace where that is enough, whatever the clusters", () => {
    expect(named([at("1", "shop", "east"), at("2", "blog", "west")])).toEqual([
      "reviews (shop)",
      "reviews (blog)",
    ]);
  });

  it("say both where neither is enough", () => {
    const nodes = [at("1", "shop", "east"), at("2", "shop", "west"), at("3", "blog", "east")];

    expect(named(nodes)).toEqual([
      "reviews (shop, east)",
      "reviews (shop, west)",
      "reviews (blog, east)",
    ]);
  });

  it("are told apart also when one has no namespace or cluster", () => {
    expect(named([at("1", "shop", null), at("2", "shop", "west")])).toEqual([
      "reviews",
      "reviews (west)",
    ]);
  });

  it("say nothing more when they differ by version", () => {
    const v1 = node("1", { name: "reviews", version: "v1", cluster: "east" });
    const v2 = node("2", { name: "reviews", version: "v2", cluster: "west" });

    expect(named([v1, v2])).toEqual(["reviews v1", "reviews v2"]);
  });

  it("say the cluster when they are namespaces", () => {
    const change = { kind: "namespace", name: "shop", namespace: "shop" } as const;
    const east = node("1", { ...change, cluster: "east" });
    const west = node("2", { ...change, cluster: "west" });

    expect(named([east, west])).toEqual(["shop (east)", "shop (west)"]);
  });
});

describe("what is outside of what one may see", () => {
  afterEach(() => writeIn("en"));
  const both = [outsider("callers"), outsider("callees")];

  it("is called by its part, as it has no name", () => {
    expect(named(both)).toEqual(["Outside: callers", "Outside: called"]);
  });

  it("is called so in the language of the page, from the moment when that changes", async () => {
    await fetchWords("ja");
    const mesh = new Map(both.map((each) => [each.id, each]));
    const before = nameOf(mesh, "z/callers");
    writeIn("ja");

    expect(before).toBe("Outside: callers");
    expect(nameOf(mesh, "z/callers")).toBe("範囲外の呼び出し元");
  });
});
