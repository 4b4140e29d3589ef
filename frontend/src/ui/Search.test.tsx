// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { node } from "../testing/make";
import { change, show } from "../testing/page";
import { Search } from "./Search";

it("hands the keyboard to the picture with what was chosen", async () => {
  const page = await show(
    <>
      <div class="canvas" tabIndex={0} />
      <Search />
    </>,
    { nodes: [node("reviews"), node("ratings")] },
  );
  const field = page.find("#search") as HTMLInputElement;
  field.focus();
  await change(() => {
    field.value = "rev";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true });
  await change(() => void field.dispatchEvent(enter));

  expect(page.store.selection.value).toEqual({ kind: "node", id: "reviews" });
  expect(document.activeElement).toBe(page.find(".canvas"));
});
