// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it } from "vitest";
import {
  BrowserShelf,
  type SavedView,
  type Shelf,
  ShelfError,
  type ViewDraft,
} from "../model/saved";
import { ANYBODY, type Role } from "../model/viewer";
import { type TestPage, change, show } from "../testing/page";
import { SavedList } from "./SavedList";
import { UserMenu } from "./SavedViews";

/** A server's shelf in memory. */
class NotedShelf extends BrowserShelf {
  override readonly user = "ada";
  readonly drafts: ViewDraft[] = [];
  others: SavedView[] = [];

  override add(draft: ViewDraft): Promise<SavedView> {
    this.drafts.push(draft);
    return super.add(draft);
  }

  override async list(): Promise<readonly SavedView[]> {
    return [...(await super.list()), ...this.others];
  }
}

async function open(shelf: Shelf = new BrowserShelf(), role: Role = "editor"): Promise<TestPage> {
  const page = await show(<SavedList />, {}, (commands, store) => {
    commands.shelf = shelf;
    store.viewer.value = { ...ANYBODY, user: shelf.user ?? "", role };
  });
  await settle();
  return page;
}

/** Let every promise that is under way come to its end. */
function settle(): Promise<void> {
  return act(async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  });
}

async function type(page: TestPage, selector: string, text: string): Promise<void> {
  const field = page.find(selector) as HTMLInputElement;
  await change(() => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function submit(page: TestPage, selector: string): Promise<void> {
  const event = new Event("submit", { bubbles: true, cancelable: true });
  await change(() => void page.find(selector).dispatchEvent(event));
  await settle();
}

async function save(page: TestPage, name: string): Promise<void> {
  await type(page, ".saved-form .field", name);
  await submit(page, ".saved-form");
}

async function press(page: TestPage, label: string): Promise<void> {
  await page.click(`[aria-label^="${label}"]`);
  await settle();
}

const names = (page: TestPage) =>
  [...page.root.querySelectorAll(".saved-name")].map((name) => name.textContent);

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/?type=app");
});

describe("saving", () => {
  it("keeps what is on screen under a name", async () => {
    const page = await open();
    expect(page.text()).toContain("Nothing is saved yet");
    expect(document.activeElement).toBe(page.find(".saved-form .field"));

    await save(page, "wall");

    expect(names(page)).toEqual(["wall"]);
    expect(await new BrowserShelf().list()).toMatchObject([{ name: "wall", query: "?type=app" }]);
    expect(page.find("[role=status]").textContent).toBe("wall is saved.");
    expect((page.find(".saved-form .field") as HTMLInputElement).value).toBe("");
  });

  it("does nothing without a name", async () => {
    const page = await open();

    await save(page, "  ");

    expect(names(page)).toEqual([]);
  });

  it("overwrites a view of the same name, and back", async () => {
    const page = await open();
    await save(page, "wall");
    history.replaceState(null, "", "/?type=service");
    await type(page, ".saved-form .field", "wall");
    expect(page.find(".saved-form .button").textContent).toBe("Overwrite");

    await submit(page, ".saved-form");
    expect(await new BrowserShelf().list()).toMatchObject([{ query: "?type=service" }]);
    await page.click(".saved-said button");
    await settle();

    expect(await new BrowserShelf().list()).toMatchObject([{ query: "?type=app" }]);
    expect(page.text()).toContain("wall is as it was.");
  });

  it("keeps where the nodes stand, and gives back what it overwrites", async () => {
    const page = await open();
    page.commands.stand = { first: 1 };
    await save(page, "wall");
    const [view] = await new BrowserShelf().list();
    const stands = () => new BrowserShelf().places(view?.id ?? "");
    expect(await stands()).toEqual({ first: 1 });

    page.commands.stand = { second: 2 };
    await press(page, "Overwrite wall");
    expect(await stands()).toEqual({ second: 2 });
    await page.click(".saved-said button");
    await settle();

    expect(await stands()).toEqual({ first: 1 });
  });

  it("shares only where people sign in", async () => {
    expect((await open()).root.querySelector(".saved-share")).toBeNull();
    const shelf = new NotedShelf();
    const page = await open(shelf);
    const box = page.find(".saved-share input") as HTMLInputElement;
    await change(() => box.click());

    await save(page, "wall");

    expect(shelf.drafts).toEqual([
      { name: "wall", query: "?type=app", places: null, shared: true },
    ]);
  });

  it("says why it could not", async () => {
    const shelf = new NotedShelf();
    shelf.add = () => Promise.reject(new ShelfError("no_database"));
    const page = await open(shelf);

    await save(page, "wall");

    expect(page.find("[role=alert]").textContent).toBe(
      "The database does not answer. Try again later.",
    );
    expect((page.find(".saved-form .field") as HTMLInputElement).value).toBe("wall");
  });
});

describe("a row", () => {
  it("opens its view in the page, and is a link for everything else", async () => {
    const page = await open();
    await save(page, "wall");
    expect(page.find(".saved-row a").getAttribute("href")).toBe("/?type=app");
    expect(page.find(".saved-row a").getAttribute("aria-current")).toBe("true");

    await page.click(".saved-row a");

    expect(page.commands.given).toEqual(["visit ?type=app"]);
  });

  it("puts the nodes where they stood", async () => {
    const page = await open();
    page.commands.stand = { first: 1 };
    await save(page, "wall");

    await page.click(".saved-row a");
    await settle();

    expect(page.commands.given).toEqual(["visit ?type=app", 'place {"first":1}']);
  });

  it("is opened without places when these cannot be had", async () => {
    const shelf = new NotedShelf();
    shelf.places = () => Promise.reject(new ShelfError("offline"));
    const page = await open(shelf);
    await save(page, "wall");

    await page.click(".saved-row a");
    await settle();

    expect(page.commands.given).toEqual(["visit ?type=app"]);
    expect(page.find("[role=alert]").textContent).toBe("");
  });

  it("that is opened last has the last word on places", async () => {
    const shelf = new NotedShelf();
    const waiting: (() => void)[] = [];
    shelf.places = (id) => new Promise((resolve) => waiting.push(() => resolve({ id })));
    const page = await open(shelf);
    await save(page, "a");
    await save(page, "b");
    const rows = page.root.querySelectorAll<HTMLElement>(".saved-row a");
    for (const row of rows) await change(() => row.click());

    for (const answer of waiting.reverse()) answer();
    await settle();

    expect(page.commands.given.filter((each) => each.startsWith("place"))).toEqual([
      'place {"id":"2"}',
    ]);
  });

  it("is renamed, or not", async () => {
    const page = await open();
    await save(page, "wall");
    await press(page, "Rename wall");
    await type(page, ".saved-row .field", "floor");
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    await change(() => void page.find(".saved-row .field").dispatchEvent(escape));
    expect(names(page)).toEqual(["wall"]);

    await press(page, "Rename wall");
    await type(page, ".saved-row .field", "ceiling");
    await submit(page, ".saved-row form");

    expect(names(page)).toEqual(["ceiling"]);
  });

  it("keeps the field open while the name is taken", async () => {
    const page = await open();
    await save(page, "a");
    await save(page, "b");
    await press(page, "Rename b");
    await type(page, ".saved-row .field", "a");

    await submit(page, ".saved-row form");

    expect(page.find("[role=alert]").textContent).toContain("another view of this name");
    expect((page.find(".saved-row .field") as HTMLInputElement).value).toBe("a");
  });

  it("is deleted, and comes back", async () => {
    const page = await open();
    await save(page, "wall");
    await press(page, "Delete wall");
    expect(names(page)).toEqual([]);
    expect(page.text()).toContain("wall is deleted.");

    await page.click(".saved-said button");
    await settle();

    expect(names(page)).toEqual(["wall"]);
    expect(await new BrowserShelf().list()).toMatchObject([{ name: "wall", query: "?type=app" }]);
  });

  it("of somebody else says whose it is, and can only be opened and linked to", async () => {
    const shelf = new NotedShelf();
    shelf.others = [
      {
        id: "9",
        name: "theirs",
        query: "?type=app",
        shared: true,
        owner: "b\u202een",
        mine: false,
      },
    ];
    const page = await open(shelf);
    const buttons = [...page.root.querySelectorAll(".saved-row button")];

    expect(page.text()).toContain("Shared by b⟨U+202E⟩en");
    expect(buttons.map((button) => button.getAttribute("aria-label"))).toEqual([
      "Copy the link to theirs",
    ]);
  });

  it("shows an odd name harmlessly", async () => {
    const page = await open();

    await save(page, '<img src=x onerror="alert(1)">\u202e');

    expect(page.root.querySelector("img")).toBeNull();
    expect(names(page)).toEqual(['<img src=x onerror="alert(1)">⟨U+202E⟩']);
  });
});

describe("a view that somebody else shares", () => {
  const theirs = { name: "theirs", query: "?type=app", shared: true, owner: "ben", mine: false };
  const opened = async (role: Role) => {
    const shelf = new NotedShelf();
    shelf.others = [{ id: "7", ...theirs }];
    const removed: string[] = [];
    shelf.remove = (id) => {
      removed.push(id);
      shelf.others = [];
      return Promise.resolve(theirs);
    };
    const page = await open(shelf, role);
    return { page, removed };
  };

  it("is deleted by an admin who says so twice, and there is no way back", async () => {
    const { page, removed } = await opened("admin");
    await press(page, "Delete theirs, which ben shares");
    expect(removed).toEqual([]);
    expect(document.activeElement?.textContent).toBe("Delete it for everybody");

    await press(page, "Delete theirs, which ben shares");

    expect(removed).toEqual(["7"]);
    expect(names(page)).toEqual([]);
    expect(page.root.querySelector(".saved-said button")).toBeNull();
  });

  it("is kept by an admin who thinks better of it", async () => {
    const { page, removed } = await opened("admin");
    await press(page, "Delete theirs");

    await press(page, "Keep it");

    expect(removed).toEqual([]);
    expect(page.text()).not.toContain("Delete it for everybody");
  });

  it("is not an editor's to delete", async () => {
    const { page } = await opened("editor");

    expect(page.root.querySelector('[aria-label^="Delete"]')).toBeNull();
  });
});

describe("a viewer", () => {
  it("opens views and is told why there is no saving", async () => {
    const shelf = new NotedShelf();
    await shelf.add({ name: "from before", query: "?type=app", shared: false });
    const page = await open(shelf, "viewer");
    const buttons = [...page.root.querySelectorAll(".saved-row button")];

    expect(names(page)).toEqual(["from before"]);
    expect(buttons.map((button) => button.getAttribute("aria-label"))).toEqual([
      "Copy the link to from before",
    ]);
    expect(page.root.querySelector("form")).toBeNull();
    expect(page.text()).toContain("you need the role of an editor");
    expect(page.text()).not.toContain("Kept for ada");
  });

  it("is told that nothing is shared with them, not that they could save", async () => {
    const page = await open(new NotedShelf(), "viewer");

    expect(page.text()).toContain("No view is shared with you yet.");
    expect(page.text()).not.toContain("can be kept");
  });
});

describe("the menu with one's name", () => {
  it("is there for who is signed in", async () => {
    const page = await show(<UserMenu />, {});
    expect(page.root.innerHTML).toBe("");

    await change(() => (page.store.viewer.value = { ...ANYBODY, user: "ada" }));

    expect(page.find("button").getAttribute("aria-label")).toBe("Signed in as ada");
  });
});
