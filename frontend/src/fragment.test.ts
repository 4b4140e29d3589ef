// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { linkTo } from "./model/links";
import { watchPlaces } from "./fragment";

const PLACES = { subject: { layout: "free" }, kept: { places: { cart: [1, 2] } } };

async function hashWith(places: Record<string, unknown>): Promise<string> {
  return new URL((await linkTo("http://mesh/", places)).address).hash;
}

it("places nodes once, and again when another link is pasted", async () => {
  const placed: unknown[] = [];
  history.replaceState(null, "", "/?type=app" + (await hashWith(PLACES)));

  watchPlaces((places) => placed.push(places));
  await vi.waitFor(() => expect(placed).toEqual([PLACES]));
  expect(location.href).toMatch(/\?type=app$/);

  const other = { kept: { places: { cart: [5, 6] } } };
  history.replaceState(null, "", await hashWith(other));
  window.dispatchEvent(new Event("hashchange"));
  await vi.waitFor(() => expect(placed).toEqual([PLACES, other]));
});
