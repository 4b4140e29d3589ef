import { afterEach, expect, it, vi } from "vitest";
import { linkTo, placesIn } from "./links";

const PLACES = { subject: { layout: "free" }, kept: { places: { cart: [1, 2] } } };

afterEach(() => {
  vi.unstubAllGlobals();
});

function hashOf(address: string): string {
  return new URL(address).hash;
}

it("carries places behind the #", async () => {
  const { address, isWhole } = await linkTo("http://mesh/?type=app", PLACES);

  expect(isWhole).toBe(true);
  expect(address).toMatch(/^http:\/\/mesh\/\?type=app#places=[\w-]+$/);
  expect(await placesIn(hashOf(address))).toEqual(PLACES);
});

it("is the address alone where there is nothing to place", async () => {
  expect(await linkTo("http://mesh/", null)).toEqual({ address: "http://mesh/", isWhole: true });
});

it("leaves out what makes it too long, and says so", async () => {
  const random = () => String(Math.random());
  const many = { kept: Array.from({ length: 2000 }, random) };

  expect(await linkTo("http://mesh/", many)).toEqual({ address: "http://mesh/", isWhole: false });
});

it("is good without places where a browser cannot pack them", async () => {
  vi.stubGlobal("CompressionStream", undefined);

  expect(await linkTo("http://mesh/", PLACES)).toEqual({ address: "http://mesh/", isWhole: false });
});

it.each(["", "#", "#places=", "#places=%%", "#other=1"])("finds no places in %j", async (hash) => {
  expect(await placesIn(hash)).toBeNull();
});
