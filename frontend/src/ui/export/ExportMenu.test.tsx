// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { placesIn } from "../../model/links";
import { edge, node } from "../../testing/make";
import { type TestPage, change, show } from "../../testing/page";
import { ExportMenu } from "./ExportMenu";

const frame = {
  nodes: [node("cart"), node("redis", { health: "failing" })],
  edges: [edge("cart", "redis", { rps: 7, health: "failing" })],
};
let saved: { name: string; text: Promise<string> }[] = [];

beforeEach(() => {
  saved = [];
  const files = new Map<string, Blob>();
  vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
    files.set(`blob:${files.size}`, file as Blob);
    return `blob:${files.size - 1}`;
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push({ name: this.download, text: files.get(this.href)?.text() ?? Promise.resolve("") });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function opened(change_: Parameters<typeof show>[1] = frame): Promise<TestPage> {
  const page = await show(<ExportMenu />, change_);
  await page.click(".control");
  return page;
}

async function take(page: TestPage, text: string): Promise<void> {
  const items = [...page.root.querySelectorAll<HTMLElement>(".menu-item")];
  await change(() => items.find((item) => item.textContent.includes(text))?.click());
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  await change(() => undefined);
}

it("saves the picture that the filter leaves, as data", async () => {
  const page = await opened();

  await take(page, "JSON");

  const [file] = saved;
  expect(file?.name).toMatch(/^meshviz-workload-1m-.*\.json$/);
  expect(JSON.parse((await file?.text) ?? "")).toMatchObject({ type: "snapshot", ...frame });
  expect(page.find("[role=status]").textContent).toBe("Saved.");
});

it("saves a drawing under the name of what it shows", async () => {
  const page = await opened();

  await take(page, "SVG");

  expect(page.commands.given).toEqual(["svg All namespaces · Workload"]);
  expect(saved[0]?.name).toMatch(/\.svg$/);
});

it("offers no file of nothing", async () => {
  const page = await opened({});
  const off = page.root.querySelectorAll(".menu-item[aria-disabled=true]");

  expect(off).toHaveLength(5);
});

it("says when a file cannot be made", async () => {
  const page = await opened();
  page.commands.drawing = () => Promise.reject(new Error("too large"));

  const items = [...page.root.querySelectorAll<HTMLElement>(".menu-item")];
  await change(() => items.find((item) => item.textContent.includes("PNG"))?.click());

  await vi.waitFor(() =>
    expect(page.find("[role=status]").textContent).toContain("could not be made"),
  );
});

async function copied(page: TestPage): Promise<string> {
  const texts: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: (text: string) => Promise.resolve(void texts.push(text)) },
  });
  await change(() => page.find(".menu-item").click());
  await vi.waitFor(() => expect(texts).toHaveLength(1));
  await change(() => undefined);
  return texts[0] ?? "";
}

it("copies a link with the places of nodes", async () => {
  const page = await opened();
  const places = { kept: { places: { cart: [1, 2] } } };
  page.commands.places = () => places;

  const { hash } = new URL(await copied(page));

  expect(await placesIn(hash)).toEqual(places);
  expect(page.find("[role=status]").textContent).toBe("Copied");
});

it("says when a link cannot hold the places of so many nodes", async () => {
  const page = await opened();
  page.commands.places = () => ({ kept: Array.from({ length: 2000 }, () => Math.random()) });

  expect(await copied(page)).toBe(location.href);
  expect(page.find("[role=status]").textContent).toContain("without the places");
});
