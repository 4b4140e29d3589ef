// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { parsePage } from "../model/page";
import { type Store, createStore, receive } from "../model/store";
import { ANYBODY } from "../model/viewer";
import { node, snapshot } from "../testing/make";
import { NotedCommands } from "../testing/page";
import { handleKey } from "./keys";
import { SHORTCUTS } from "./shortcuts";

let store: Store;
let commands: NotedCommands;
let noted: string[];

function press(
  key: string,
  change: KeyboardEventInit = {},
  target: Element = document.body,
): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...change });
  target.addEventListener(
    "keydown",
    (heard) =>
      handleKey(heard as KeyboardEvent, {
        store,
        commands,
        toggleTable: () => noted.push("table"),
        focusPanel: () => noted.push("panel"),
      }),
    { once: true },
  );
  target.dispatchEvent(event);
  return event.defaultPrevented;
}

beforeEach(() => {
  document.body.innerHTML =
    '<input id="search"><button>b</button><div class="canvas" tabindex="0"></div>';
  store = createStore(parsePage(""), { theme: "auto", locale: "en", systemDark: true }, 0);
  commands = new NotedCommands();
  noted = [];
});

describe("asking by keys", () => {
  it("opens Find to be typed in", () => {
    expect(press("q")).toBe(true);
    expect(store.asking.value).toBe("typing");
  });

  it("focuses on the selected node, changes how far that goes, and leaves it", () => {
    press("n");
    press("2");
    expect(store.filter.value.focus).toBeNull();
    store.selection.value = { kind: "node", id: "cart" };

    expect(press("n")).toBe(true);
    expect(store.filter.value.focus).toEqual({ id: "cart", hops: 1, way: "both" });
    expect(press("3")).toBe(true);
    expect(store.filter.value.focus?.hops).toBe(3);
    store.selection.value = { kind: "node", id: "front" };
    press("n");
    expect(store.filter.value.focus?.id).toBe("front");
    press("n");

    expect(store.filter.value.focus).toBeNull();
  });

  it("leaves the focus also when nothing is selected any more", () => {
    store.filter.value = { ...store.filter.value, focus: { id: "cart", hops: 2, way: "up" } };
    press("n");
    expect(store.filter.value.focus).toBeNull();
  });
});

describe("keys", () => {
  it.each([
    ["f", "fit"],
    ["0", "fit"],
    ["+", "zoom 1.4"],
  ])("%s moves the camera", (key, command) => {
    expect(press(key)).toBe(true);
    expect(commands.given).toEqual([command]);
  });

  it.each([
    ["?", "help"],
    ["d", "diagnosis"],
  ])("%s opens its dialog", (key, dialog) => {
    press(key);

    expect(store.dialog.value).toBe(dialog);
  });

  it("open the table and, from the picture, the panel", () => {
    press("t");
    press("Enter");
    document.querySelector<HTMLElement>(".canvas")?.focus();
    press("Enter");

    expect(noted).toEqual(["table", "panel"]);
  });

  it("open the page of what is selected, and leave it before anything else", () => {
    receive(store, snapshot({ nodes: [node("a")] }), 0);
    store.selection.value = { kind: "node", id: "a" };
    document.querySelector<HTMLElement>(".canvas")?.focus();

    press("Enter");
    expect(store.looks.value.open).toBe("a");
    press("Escape");
    expect([store.looks.value.open, store.selection.value]).toEqual([
      null,
      { kind: "node", id: "a" },
    ]);

    press("i");
    expect(noted).toEqual(["panel"]);
  });

  it("go to the search field", () => {
    press("/");

    expect(document.activeElement?.id).toBe("search");
  });

  it("clear selection and search with Escape", () => {
    store.selection.value = { kind: "node", id: "a" };
    store.search.value = "a";

    press("Escape");

    expect([store.selection.value, store.search.value]).toEqual([null, ""]);
  });

  it("go back from the panel to the picture with Escape", () => {
    document.body.insertAdjacentHTML("beforeend", "<aside data-panel><button>x</button></aside>");
    document.querySelector<HTMLElement>("[data-panel] button")?.focus();
    store.selection.value = { kind: "node", id: "a" };

    press("Escape");

    expect(document.activeElement?.className).toBe("canvas");
  });

  it("stay where they are when Escape closes nothing", () => {
    const button = document.querySelector("button");
    button?.focus();

    press("Escape");

    expect(document.activeElement).toBe(button);
  });

  it("leave typing and the browser's own shortcuts alone", () => {
    const field = document.getElementById("search") ?? document.body;

    expect(press("p", {}, field)).toBe(false);
    expect(press("p", { ctrlKey: true })).toBe(false);
    expect(store.paused.value).toBe(false);
    expect(press("p")).toBe(true);
    expect(store.paused.value).toBe(true);
  });
});

describe("shortcuts", () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);

  it("have one meaning each", () => {
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("do something wherever the page listens", () => {
    expect(SHORTCUTS.filter(({ keys, act }) => keys.length > 0 && act === undefined)).toEqual([]);
  });

  it("run no diagnosis for who sees a part of the mesh", () => {
    store.viewer.value = { ...ANYBODY, isLimited: true };
    expect(press("d")).toBe(false);
    expect(store.dialog.value).toBeNull();

    store.viewer.value = ANYBODY;
    expect(press("d")).toBe(true);
  });

  it("open nothing on a wall, and Escape leaves it", () => {
    press("k");
    expect(store.looks.value.kiosk).toBe(true);

    for (const key of ["?", "d", "t", "p", "/"]) expect(press(key)).toBe(false);
    expect([store.dialog.value, store.paused.value, noted]).toEqual([null, false, []]);

    press("Escape");
    expect(store.looks.value.kiosk).toBe(false);
  });

  it("take the whole screen, where there is one to take", () => {
    let asked = 0;
    document.documentElement.requestFullscreen = () => {
      asked += 1;
      return Promise.reject(new Error("not here"));
    };

    press("F");

    expect(asked).toBe(1);
  });
});
