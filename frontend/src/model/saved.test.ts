// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrowserShelf, type SavedView, ShelfError, inOrder, named, savedViews } from "./saved";

const KEY = "meshviz.views";
const draft = (name: string, query = "?type=app") => ({ name, query, shared: false });
const complaint = async (attempt: Promise<unknown>) => {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ShelfError ? error.complaint : error;
};

let shelf: BrowserShelf;
const localStorage_ = localStorage;

beforeEach(() => {
  localStorage.clear();
  shelf = new BrowserShelf();
});

afterEach(() => vi.unstubAllGlobals());

describe("the browser's shelf", () => {
  it("keeps views for the next visit", async () => {
    await shelf.add(draft(" wall ", "?type=app&labels=rps"));

    const [view] = await new BrowserShelf().list();

    expect(view).toMatchObject({ name: "wall", query: "?type=app&labels=rps", mine: true });
  });

  it("changes what is given, and only that", async () => {
    const { id } = await shelf.add(draft("one"));
    await shelf.change(id, { name: "two" });
    await shelf.change(id, { query: "" });

    expect(await shelf.list()).toEqual([
      { id, name: "two", query: "", shared: false, owner: null, mine: true },
    ]);
  });

  it("gives back what it forgets, so that it can be kept again", async () => {
    const { id } = await shelf.add(draft("one"));
    const removed = await shelf.remove(id);
    expect(await shelf.list()).toEqual([]);

    await shelf.add(removed);

    expect(await shelf.list()).toMatchObject([{ name: "one", query: "?type=app" }]);
  });

  it("has a name once, whatever stands round it", async () => {
    await shelf.add(draft("one"));
    const { id } = await shelf.add(draft("two"));

    expect(await complaint(shelf.add(draft(" one")))).toBe("name_taken");
    expect(await complaint(shelf.change(id, { name: "one " }))).toBe("name_taken");
    expect(await complaint(shelf.change(id, { name: "two " }))).toBeNull();
  });

  it.each([
    ["an empty name", draft("  ")],
    ["a long name", draft("n".repeat(101))],
    ["a long address", draft("one", `?${"q".repeat(4096)}`)],
    ["another page's address", draft("one", "https://elsewhere")],
  ])("refuses %s", async (_, wrong) => {
    expect(await complaint(shelf.add(wrong))).toBe("unfit");
    expect(await shelf.list()).toEqual([]);
  });

  it("says that a view is gone", async () => {
    expect(await complaint(shelf.change("9", { name: "x" }))).toBe("not_there");
    expect(await complaint(shelf.remove("9"))).toBe("not_there");
  });

  it("holds two hundred", async () => {
    for (let i = 0; i < 200; i++) await shelf.add(draft(`${i}`));

    expect(await complaint(shelf.add(draft("one more")))).toBe("too_many");
  });

  it("says that the browser keeps nothing", async () => {
    const full = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: full });

    expect(await complaint(shelf.add(draft("one")))).toBe("no_room");
  });

  it.each([
    "nonsense",
    "{}",
    "[1, null, {}]",
    '[{"id": "x", "name": "a", "query": ""}]',
    '[{"id": "1", "name": "a", "query": "javascript:alert(1)"}]',
    '[{"id": "1", "name": "", "query": ""}]',
  ])("passes over what something else stored: %s", async (stored) => {
    localStorage.setItem(KEY, stored);

    expect(await shelf.list()).toEqual([]);
    await shelf.add(draft("one"));
    expect(await shelf.list()).toHaveLength(1);
  });
});

describe("places in the browser's shelf", () => {
  const places = { kept: { places: { a: [1, 2] } } };

  it("are kept with a view, and go with it", async () => {
    const { id } = await shelf.add({ ...draft("one"), places });
    expect(await new BrowserShelf().places(id)).toEqual(places);

    const removed = await shelf.remove(id);

    expect(removed.places).toEqual(places);
    expect(Object.values(localStorage).join()).not.toContain("[1,2]");
    // Its number is free again; what stood there is not the next one's.
    const next = await shelf.add(draft("two"));
    expect(await shelf.places(next.id)).toBeNull();
  });

  it("stay when only the name changes, and go where there are none", async () => {
    const { id } = await shelf.add({ ...draft("one"), places });
    await shelf.change(id, { name: "two" });
    expect(await shelf.places(id)).toEqual(places);

    await shelf.change(id, { query: "?type=service", places: null });

    expect(await shelf.places(id)).toBeNull();
  });

  it("that do not fit leave everything as it was", async () => {
    const { id } = await shelf.add({ ...draft("one"), places });
    const full = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => localStorage_.getItem(key),
      setItem: full,
    });

    const other = { places: { places: {} }, query: "?type=service" };
    expect(await complaint(shelf.change(id, other))).toBe("no_room");
    vi.unstubAllGlobals();

    expect(await shelf.places(id)).toEqual(places);
    expect(await shelf.list()).toMatchObject([{ query: "?type=app" }]);
  });
});

describe("lists", () => {
  const view = (name: string, mine = true): SavedView => {
    return { id: name, name, query: "", shared: !mine, owner: null, mine };
  };

  it("are by name as people sort, one's own first", async () => {
    const views = [view("b", false), view("view 10"), view("View 9"), view("a", false)];
    const ordered = ["View 9", "view 10", "a", "b"];

    expect(inOrder(views).map(({ name }) => name)).toEqual(ordered);
    shelf.list = () => Promise.resolve(views);
    expect((await savedViews(shelf)).map(({ name }) => name)).toEqual(ordered);
  });

  it("find one's own view of a name", () => {
    const views = [view("a", false), view("b")];

    expect(named(views, " b ")).toBe(views[1]);
    expect(named(views, "a")).toBeUndefined();
  });
});
