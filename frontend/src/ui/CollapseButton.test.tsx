// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { receive } from "../model/store";
import { node, snapshot } from "../testing/make";
import { change, show } from "../testing/page";
import { NamespacePicker } from "./Pickers";

const frame = { namespaces: ["bank", "shop"], nodes: [node("a"), node("b")] };
const pressed = (root: HTMLElement) =>
  [...root.querySelectorAll(".row-button")].map((each) => each.getAttribute("aria-pressed"));

it("draws a namespace as one node, and what is inside it again", async () => {
  const page = await show(<NamespacePicker />, frame);
  await page.click("button.control");
  expect(pressed(page.root)).toEqual(["false", "false"]);

  await page.click("li:last-child .row-button");
  expect(page.store.view.value).toMatchObject({ collapsed: ["shop"], namespaces: [] });
  expect(pressed(page.root)).toEqual(["false", "true"]);
  expect(page.find("li:last-child .row-button").title).toBe("Draw what is inside shop");

  await page.click("li:last-child .row-button");
  expect(page.store.view.value.collapsed).toEqual([]);
});

it("is not there where namespaces are drawn anyway", async () => {
  const page = await show(<NamespacePicker />, frame);
  await page.click("button.control");

  await change(() => receive(page.store, snapshot({ ...frame, graph_type: "namespace" }), 0));

  expect(pressed(page.root)).toEqual([]);
});
