// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { understand } from "../model/query/language";
import { node } from "../testing/make";
import { type TestPage, change, show } from "../testing/page";
import { Toolbar } from "./Toolbar";

const frame = {
  nodes: [node("cart"), node("carousel")],
  namespaces: ["boutique", "shop"],
  graph_type: "versioned_app" as const,
};
const toolbar = <Toolbar />;

function names(page: { root: HTMLElement }): (string | null)[] {
  return [...page.root.querySelectorAll(".check")].map((label) => label.textContent);
}

describe("picking", () => {
  it("changes the graph type and lets go of selection and focus, whose ids mean nothing there", async () => {
    const page = await show(toolbar, frame);
    page.store.selection.value = { kind: "node", id: "cart" };
    const focus = { id: "cart", hops: 1, way: "both" } as const;
    page.store.filter.value = { ...page.store.filter.value, find: "idle", focus };

    await page.click("input[value=service]");

    expect(page.store.view.value.graphType).toBe("service");
    expect(page.store.selection.value).toBeNull();
    expect(page.store.filter.value).toMatchObject({ find: "idle", focus: null });
  });

  it("offers the server's windows", async () => {
    const page = await show(toolbar, frame);
    await change(() => (page.store.windows.value = ["1m", "5m"]));
    const select = page.find("select") as HTMLSelectElement;
    await change(() => {
      select.value = "5m";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });

    expect([...select.options].map((option) => option.value)).toEqual(["1m", "5m"]);
    expect(page.store.view.value.window).toBe("5m");
  });

  it("adds and removes namespaces, sorted", async () => {
    const page = await show(toolbar, frame);
    await page.click("[aria-label^=Namespaces]");
    expect(names(page)).toEqual(["boutique", "shop"]);

    await page.click("li:nth-child(2) input");
    await page.click("li:nth-child(1) input");
    expect(page.store.view.value.namespaces).toEqual(["boutique", "shop"]);
    await page.click("li:nth-child(2) input");

    expect(page.store.view.value.namespaces).toEqual(["boutique"]);
  });

  it("keeps offering a chosen namespace that has no traffic now", async () => {
    const page = await show(toolbar, { ...frame, namespaces: ["shop"] });
    page.store.view.value = { ...page.store.view.value, namespaces: ["quiet"] };
    await page.click("[aria-label^=Namespaces]");

    expect(names(page)).toEqual(["quiet", "shop"]);
  });

  it("offers whatever the server lists, and shows it harmlessly", async () => {
    const odd = ['<img src=x onerror="alert(1)">', "a\u202eb", "\u2028", "n".repeat(300)].sort();
    const page = await show(toolbar, { ...frame, namespaces: odd });
    await page.click("[aria-label^=Namespaces]");
    for (const index of odd.keys()) await page.click(`li:nth-child(${index + 1}) input`);

    expect(page.store.view.value.namespaces).toEqual(odd);
    expect(page.root.querySelector("img")).toBeNull();
    expect(names(page)).toContain("a⟨U+202E⟩b");
    expect(Math.max(...names(page).map((name) => name?.length ?? 0))).toBe(40);
  });

  it("lists so many namespaces as can be read, what is chosen first, and finds the others", async () => {
    const namespaces = Array.from({ length: 500 }, (_, i) => `team-${String(i).padStart(3, "0")}`);
    const page = await show(toolbar, { ...frame, namespaces });
    page.store.view.value = { ...page.store.view.value, namespaces: ["team-499"] };
    await page.click("[aria-label^=Namespaces]");
    expect(names(page)).toHaveLength(100);
    expect(names(page).slice(0, 2)).toEqual(["team-499", "team-000"]);
    expect(page.text()).toContain("400 more are not listed");

    const filter = page.find(".popover-box input[type=search]") as HTMLInputElement;
    filter.value = "-31";
    await change(() => void filter.dispatchEvent(new Event("input", { bubbles: true })));

    expect(names(page)).toHaveLength(10);
    expect(page.text()).not.toContain("not listed");
  });

  it("switches labels on and off in their fixed order", async () => {
    const page = await show(toolbar, frame);
    await page.click("[aria-label^='Edge labels']");
    await page.click("li:nth-child(5) input");
    await page.click("li:nth-child(1) input");

    expect(page.store.labels.value).toEqual(["errors", "p95", "mtls"]);
  });

  it("shows all namespaces again, and keeps the focus for the Escape that follows", async () => {
    const page = await show(toolbar, frame);
    page.store.view.value = { ...page.store.view.value, namespaces: ["shop"] };
    await page.click("[aria-label^=Namespaces]");
    const all = page.find(".popover-box > .text-button") as HTMLButtonElement;
    await page.click(".popover-box > .text-button");

    expect(page.store.view.value.namespaces).toEqual([]);
    expect(all.getAttribute("aria-disabled")).toBe("true");
    expect(all.disabled).toBe(false);
  });

  it("closes a list with Escape and returns to its button", async () => {
    const page = await show(toolbar, frame);
    await page.click("[aria-label^=Namespaces]");
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    await change(() => void page.find(".popover-box").dispatchEvent(escape));

    expect(page.root.querySelector(".popover-box")).toBeNull();
    expect(document.activeElement).toBe(page.find("[aria-label^=Namespaces]"));
  });
});

describe("searching", () => {
  const press = (page: TestPage, key: string) =>
    change(() => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      page.find("#search").dispatchEvent(event);
    });
  const type = (page: TestPage, text: string) =>
    change(() => {
      const field = page.find("#search") as HTMLInputElement;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });

  it("counts what it finds, selects what fits best and brings it into sight", async () => {
    const page = await show(toolbar, frame);
    await type(page, "car");
    expect(page.find(".search-count").textContent).toBe("2 found");

    await press(page, "Enter");

    expect(page.store.selection.value).toEqual({ kind: "node", id: "carousel" });
    expect(page.commands.given).toEqual(["reveal carousel"]);
    expect(page.root.querySelector("[role=listbox]")).toBeNull();
  });

  it("lists what fits with its kind and namespace, and goes to what the arrows choose", async () => {
    const page = await show(toolbar, frame);
    await type(page, "car");
    const rows = [...page.root.querySelectorAll(".search [role=option]")];
    expect(rows.map((row) => row.textContent)).toEqual([
      " carouselWorkload · shop",
      " cartWorkload · shop",
    ]);

    await press(page, "ArrowDown");
    const active = page.find("#search").getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(active)?.textContent).toContain("cart");
    await press(page, "Enter");

    expect(page.store.selection.value).toEqual({ kind: "node", id: "cart" });
  });

  it("offers what a filter leaves out, says so, and shows it when asked", async () => {
    const page = await show(toolbar, frame);
    const filter = { ...page.store.filter.value, hide: "name = cart", minRps: null };
    await change(() => {
      page.store.understand.value = understand;
      page.store.filter.value = { ...filter, find: "idle" };
    });
    await type(page, "cart");
    expect(page.find(".search-count").textContent).toBe("1 found");
    expect(page.find(".search [role=option]").textContent).toContain(
      "hidden by the Hide expression",
    );

    await press(page, "Enter");
    expect(page.store.selection.value).toBeNull();
    expect(page.find(".uncover").textContent).toContain("cart is hidden by the Hide expression.");
    const button = page.find(".uncover button");
    expect(document.activeElement).toBe(button);
    await change(() => button.click());

    expect(page.store.filter.value).toMatchObject({ hide: "", find: "idle" });
    expect(page.store.selection.value).toEqual({ kind: "node", id: "cart" });
    expect(page.commands.given).toEqual(["reveal cart"]);
    expect(page.root.querySelector(".uncover")).toBeNull();
  });

  it("leaves what is hidden as it is with Escape, and goes on with the words", async () => {
    const page = await show(toolbar, frame);
    const focus = { id: "carousel", hops: 1, way: "both" } as const;
    await change(() => (page.store.filter.value = { ...page.store.filter.value, focus }));
    await type(page, "cart");
    await page.click(".search [role=option]");
    expect(page.find(".uncover").textContent).toContain("Show it without the focus");

    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    await change(() => void page.find(".uncover button").dispatchEvent(escape));

    expect(page.store.filter.value.focus).toEqual(focus);
    expect(page.store.search.value).toBe("cart");
    expect(document.activeElement).toBe(page.find("#search"));
    expect(page.root.querySelectorAll(".search [role=option]")).toHaveLength(1);
  });

  it("goes to what is clicked, and forgets the words with Escape", async () => {
    const page = await show(toolbar, frame);
    await type(page, "cart");
    await page.click(".search [role=option]");
    expect(page.commands.given).toEqual(["reveal cart"]);

    await press(page, "Escape");

    expect(page.store.search.value).toBe("");
  });
});

describe("buttons", () => {
  it("pause and resume", async () => {
    const page = await show(toolbar, frame);
    await page.click("[aria-label=Pause]");
    expect(page.store.paused.value).toBe(true);

    await page.click("[aria-label=Resume]");

    expect(page.store.paused.value).toBe(false);
  });

  it("go round the themes", async () => {
    const page = await show(toolbar, frame);
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      await page.click("[aria-label^=Theme]");
      seen.push(page.store.theme.value);
    }

    expect([...seen].sort()).toEqual(["auto", "dark", "light"]);
  });

  it("change the language of the whole bar", async () => {
    const page = await show(toolbar, frame);

    await page.click(".language");
    await vi.waitFor(() => expect(page.store.locale.value).toBe("ja"));
    await change(() => undefined);

    expect(page.text()).toContain("すべての名前空間");
  });
});
