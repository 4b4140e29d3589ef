// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { ANYBODY } from "../../model/viewer";
import { change, show } from "../../testing/page";
import { SHORTCUTS } from "../shortcuts";
import { Shortcuts } from "./Shortcuts";

it("shows every key that the page listens to, and what it does", async () => {
  const page = await show(<Shortcuts />, {});
  const shown = [...page.root.querySelectorAll("dl > div")].map((row) => row.textContent);

  expect(shown).toHaveLength(SHORTCUTS.length);
  expect(shown).toContain("KKiosk mode, for a wall");
  expect(shown).toContain("ShiftFFull screen");
  expect(shown).toContain(
    "Double clickOpen the page of a node or edge, with charts; open a namespace",
  );
});

it("leads to the diagnosis", async () => {
  const page = await show(<Shortcuts />, {});

  await page.click(".button");

  expect(page.store.dialog.value).toBe("diagnosis");
});

it("leaves out the diagnosis for who sees a part of the mesh", async () => {
  const page = await show(<Shortcuts />, {});

  await change(() => (page.store.viewer.value = { ...ANYBODY, isLimited: true }));

  expect(page.root.querySelectorAll("dl > div")).toHaveLength(SHORTCUTS.length - 1);
  expect(page.text()).not.toContain("diagnosis");
});
