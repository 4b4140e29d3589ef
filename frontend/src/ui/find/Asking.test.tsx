// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import { NO_FILTER } from "../../model/filter";
import { understand } from "../../model/query/language";
import { Asking } from "./Asking";

const frame = {
  nodes: [
    node("reviews", { namespace: "bookinfo" }),
    node("ratings", { namespace: "bookinfo" }),
    node("cart", { namespace: "boutique" }),
  ],
  edges: [
    edge("reviews", "ratings", { rps: 30, error_ratio: 0.2, health: "failing" as const }),
    edge("cart", "ratings", { rps: 2 }),
  ],
};

beforeEach(() => localStorage.clear());

async function asking(): Promise<TestPage> {
  const page = await show(<Asking />, frame);
  await change(() => {
    page.store.asking.value = "open";
    page.store.understand.value = understand;
  });
  return page;
}

const field = (page: TestPage, asked = "find") => page.find(`#ask-${asked}`) as HTMLInputElement;

function type(page: TestPage, text: string, asked = "find"): Promise<void> {
  return change(() => {
    const input = field(page, asked);
    input.value = text;
    input.setSelectionRange(text.length, text.length);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** True when the page took the key for itself. */
async function press(page: TestPage, key: string, asked = "find"): Promise<boolean> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  await change(() => void field(page, asked).dispatchEvent(event));
  return event.defaultPrevented;
}

const blur = (page: TestPage, asked = "find") =>
  change(() => void field(page, asked).dispatchEvent(new FocusEvent("blur")));

function listed(page: TestPage): (string | undefined)[] {
  return [...page.root.querySelectorAll("[role=option] code")].map((code) => code.textContent);
}

describe("Find", () => {
  it("follows every key that leaves something to be read", async () => {
    const page = await asking();
    await type(page, "ns = bookinfo");
    expect(page.store.filter.value.find).toBe("ns = bookinfo");
    expect(page.find(".ask-find .ask-count").textContent).toBe("2 of 3 nodes, 1 edge");

    await type(page, "ns = bookinfo and");

    expect(page.store.filter.value.find).toBe("ns = bookinfo");
  });

  it("counts both ends of a line, which are lit with it", async () => {
    const page = await asking();
    await type(page, "rps > 10 and source.name = reviews");

    expect(page.find(".ask-find .ask-count").textContent).toBe("2 of 3 nodes, 1 edge");
    // Its own field has a way out: a row of its own would push the picture.
    expect(page.root.querySelector(".chips")).toBeNull();
  });

  it("completes what is being written with Tab, and what is chosen with Enter", async () => {
    const page = await asking();
    await type(page, "n");
    expect(listed(page)[0]).toBe("name");
    expect(await press(page, "Tab")).toBe(true);
    expect(field(page).value).toBe("name ");

    await type(page, "name = ");
    expect(listed(page)).toEqual(["cart", "ratings", "reviews"]);
    await press(page, "ArrowUp");
    const active = field(page).getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(active)?.textContent).toBe("reviews");
    await press(page, "Enter");

    expect(field(page).value).toBe("name = reviews");
    expect(page.store.filter.value.find).toBe("name = reviews");
  });

  it("lets Tab leave a field in which no word is being written", async () => {
    const page = await asking();
    await type(page, "");
    expect(await press(page, "Tab")).toBe(false);
    await type(page, "ns = a ");
    expect(await press(page, "Tab")).toBe(false);
  });

  it("offers presets and what was asked before while it is empty", async () => {
    const page = await asking();
    await type(page, "ns = boutique");
    await press(page, "Enter");
    await type(page, "");

    expect(listed(page).slice(0, 2)).toEqual(["unhealthy", "error > 1%"]);
    expect(listed(page)).toContain("ns = boutique");
    await page.click("[role=option]");

    expect(page.store.filter.value.find).toBe("unhealthy");
    expect(page.root.querySelector("[role=listbox]")).toBeNull();
  });

  it("follows what changes it elsewhere", async () => {
    const page = await asking();
    await change(() => (page.store.filter.value = { ...NO_FILTER, find: "idle" }));
    expect(field(page).value).toBe("idle");
    await page.click("[aria-label='Clear Find']");

    expect(page.store.filter.value.find).toBe("");
    expect(field(page).value).toBe("");
  });
});

describe("mistakes", () => {
  it("are marked at their place, with what was meant", async () => {
    const page = await asking();
    await type(page, "rps > 10 and helth = failing");
    await press(page, "Enter");

    expect(page.find(".problem mark").textContent).toBe("helth");
    expect(page.find(".problem p").textContent).toBe("There is no field helth.");
    expect(field(page).getAttribute("aria-invalid")).toBe("true");
    expect(page.store.filter.value.find).toBe("");
    await page.click(".problem .link");

    expect(page.store.filter.value.find).toBe("rps > 10 and health = failing");
    expect(page.root.querySelector(".problem")).toBeNull();
  });

  it("are not held against half a word, but against one that was left", async () => {
    const page = await asking();
    await type(page, "rps > 10 and hel");
    expect(page.root.querySelector(".problem")).toBeNull();

    await blur(page);

    expect(page.find(".problem mark").textContent).toBe("hel");
  });

  it("are marked as soon as no more typing can mend them", async () => {
    const page = await asking();
    await type(page, "health = fail");
    expect(page.root.querySelector(".problem")).toBeNull();

    await type(page, "health = fial");

    expect(page.find(".problem mark").textContent).toBe("fial");
  });

  it("leave nothing asked, not what went before them", async () => {
    const page = await asking();
    await type(page, "ns = bookinfo");
    await type(page, "ns = bookinfo and helth = failing");

    expect(page.store.filter.value.find).toBe("");
    expect(field(page).value).toBe("ns = bookinfo and helth = failing");
    expect(page.find(".ask-find .ask-count").textContent).toBe("Not readable: nothing is filtered");
  });

  it("are told in Japanese, too", async () => {
    const page = await asking();
    page.store.locale.value = "ja";
    await type(page, "rps > 5kg and idle");

    expect(page.find(".problem p").textContent).toContain("kg");
    expect(page.find(".problem p").textContent).toContain("単位");
  });
});

describe("Hide", () => {
  it("waits for Enter, and says so", async () => {
    const page = await asking();
    await type(page, "ns = boutique", "hide");
    expect(page.store.filter.value.hide).toBe("");
    expect(page.find(".ask-hide .ask-count").textContent).toBe("Press Enter to apply");

    await press(page, "Enter", "hide");

    expect(page.store.filter.value.hide).toBe("ns = boutique");
    expect(page.find(".hidden-count").textContent).toBe("1 node, 1 edge hidden");
  });

  it("is applied when the field is left, and taken back with Escape before that", async () => {
    const page = await asking();
    await type(page, "ns = boutique", "hide");
    await press(page, "Escape", "hide");
    await press(page, "Escape", "hide");
    expect(field(page, "hide").value).toBe("");

    await type(page, "ns = boutique", "hide");
    await blur(page, "hide");

    expect(page.store.filter.value.hide).toBe("ns = boutique");
  });
});

describe("quick filters", () => {
  it("choose edges, least rates and errors, and idle", async () => {
    const page = await asking();
    await page.click(".quick .control");
    await page.click("input[value=unhealthy]");
    const slider = page.find("input[name=minRps]") as HTMLInputElement;
    slider.value = "1";
    await change(() => void slider.dispatchEvent(new Event("input", { bubbles: true })));
    await page.click("input[name=quick-idle]");

    expect(page.store.filter.value.edges).toBe("unhealthy");
    expect(page.store.filter.value.minRps).toBe(5);
    expect(page.find("input[name=minRps]").getAttribute("aria-valuetext")).toBe("at least 5 rps");
    expect(page.store.view.value.idle).toBe(true);
    expect(page.find(".quick .control").textContent).toBe("Filters: 3");
  });

  it("stand below as chips, each with its way out", async () => {
    const page = await asking();
    await change(
      () => (page.store.filter.value = { ...NO_FILTER, edges: "none", minErrorRatio: 0.01 }),
    );
    expect(page.find(".chips").textContent).toContain("None: nodes alone");
    await page.click("[aria-label='Remove: Edges']");
    expect(page.store.filter.value).toEqual({ ...NO_FILTER, minErrorRatio: 0.01 });

    await page.click(".chips > .text-button");

    expect(page.store.filter.value).toEqual(NO_FILTER);
    expect(page.root.querySelector(".chips")).toBeNull();
  });
});

describe("focus", () => {
  it("has its hops and its direction at hand, and a way out", async () => {
    const page = await asking();
    const focus = { id: "reviews", hops: 1, way: "both" } as const;
    await change(() => (page.store.filter.value = { ...NO_FILTER, focus }));
    await page.click(".focus-chip label:nth-child(2) input");
    const way = page.find(".focus-chip select") as HTMLSelectElement;
    way.value = "up";
    await change(() => void way.dispatchEvent(new Event("change", { bubbles: true })));
    expect(page.store.filter.value.focus).toEqual({ id: "reviews", hops: 2, way: "up" });
    expect(page.text()).toContain("2 nodes, 2 edges hidden");

    await page.click("[aria-label='Leave the focus']");

    expect(page.store.filter.value.focus).toBeNull();
  });

  it("says when its node is not there", async () => {
    const page = await asking();
    const focus = { id: "gone", hops: 1, way: "both" } as const;
    await change(() => (page.store.filter.value = { ...NO_FILTER, focus }));

    expect(page.find(".focus-chip").textContent).toContain("not in the graph now");
  });
});
