// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { node } from "../../testing/make";
import { change, show } from "../../testing/page";
import { Tour } from "./Tour";
import { offerTour } from "./offer";
import { TOUR } from "./steps";

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

const open = async () => {
  const page = await show(<Tour />, {});
  page.store.dialog.value = "tour";
  return page;
};

it("goes through six things and back, and ends", async () => {
  const page = await open();
  const titles: string[] = [];
  while (titles.length < TOUR.length) {
    titles.push(page.find("h2").textContent);
    await page.click("footer .button");
  }

  expect(new Set(titles).size).toBe(6);
  expect(page.store.dialog.value).toBeNull();
});

it("can be gone back in, and skipped", async () => {
  const page = await open();
  const first = page.find("h2").textContent;
  await page.click("footer .button");

  const buttons = page.root.querySelectorAll<HTMLElement>("footer .text-button");
  await change(() => buttons[1]?.click());
  expect(page.find("h2").textContent).toBe(first);

  await change(() => buttons[0]?.click());
  expect(page.store.dialog.value).toBeNull();
});

it("speaks of fingers where there is no mouse", async () => {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: query === "(pointer: coarse)" }));
  const page = await open();
  const said: string[] = [];
  for (let step = 0; step < TOUR.length; step += 1) {
    said.push(page.find("#tour-text").textContent);
    await page.click("footer .button");
  }

  expect(said.join(" ")).toMatch(/finger/);
  expect(said.join(" ")).not.toMatch(/wheel|keys|press|click/i);
});

describe("the first visit", () => {
  const visit = async (query: string, frame: object = { nodes: [node("a")] }) => {
    const page = await show(<p />, frame);
    offerTour(page.store, query);
    return page.store.dialog.value;
  };
  const byHand = () => vi.stubGlobal("navigator", { webdriver: false, language: "en" });

  it("is shown round, once", async () => {
    byHand();
    expect(await visit("")).toBe("tour");
    const page = await open();
    await page.click("footer .text-button");
    expect(await visit("")).toBeNull();
  });

  it("is not held up by a shared link, nor by a browser that is driven", async () => {
    byHand();
    expect(await visit("?namespace=shop")).toBeNull();
    vi.stubGlobal("navigator", { webdriver: true, language: "en" });
    expect(await visit("")).toBeNull();
    expect(await visit("?tour=1")).toBe("tour");
  });

  it("waits until there is a picture", async () => {
    byHand();
    expect(await visit("", {})).toBeNull();
  });
});
