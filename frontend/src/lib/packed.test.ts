import { expect, it } from "vitest";
import { packed, unpacked } from "./packed";

it("gives back what was packed, in letters that need no escape", async () => {
  const value = { places: { "w/cluster/ns/カート": [-12, 4000] }, pins: ["a", "<b>"], held: true };
  const text = await packed(value);

  expect(text).toMatch(/^[\w-]+$/);
  expect(await unpacked(text)).toEqual(value);
});

it("is much shorter than what it says where that repeats itself", async () => {
  const ids = Array.from({ length: 300 }, (_, i) => [`w/Kubernetes/shop/service-${i}`, [i, i * 7]]);
  const places = Object.fromEntries(ids) as unknown;

  expect((await packed(places)).length).toBeLessThan(JSON.stringify(places).length / 2);
});

it.each(["", "%%%", "AAAA", "a".repeat(5000)])("takes %j for nothing", async (text) => {
  expect(await unpacked(text)).toBeNull();
});

it("unfolds no more than anybody writes", async () => {
  expect(await unpacked(await packed("x".repeat(2 ** 21)))).toBeNull();
});
