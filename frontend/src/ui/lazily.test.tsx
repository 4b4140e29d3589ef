// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { change, show } from "../testing/page";
import { lazily } from "./lazily";

const settled = () => change(() => undefined);

it("shows a part once its code is there, and fetches that once", async () => {
  let fetched = 0;
  const Part = lazily(() => {
    fetched += 1;
    return Promise.resolve(({ name }: { name: string }) => <b>{name}</b>);
  });
  const page = await show(<Part name="first" />, {});
  await settled();
  expect(page.text()).toBe("first");

  const again = await show(<Part name="second" />, {});

  expect(again.text()).toBe("second");
  expect(fetched).toBe(1);
});

it("says that a part cannot be had", async () => {
  const Part = lazily(() => Promise.reject(new Error("404")));

  const page = await show(<Part />, {});
  await settled();

  expect(page.find("[role=alert]").textContent).toContain("Reload");
});
