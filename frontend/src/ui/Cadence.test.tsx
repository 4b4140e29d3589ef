// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { node, status } from "../testing/make";
import { change, show } from "../testing/page";
import { Cadence } from "./Cadence";
import { SlowNote } from "./panel/SlowNote";

const nodes = [node("a")];
const stretched = status({
  interval_s: 5,
  cadence_s: 12.4,
  slow_cadence_s: 60,
  slow_age_s: 34,
  query_ms: 3100,
});

it.each([
  status({ interval_s: 5, cadence_s: 5 }),
  status({ interval_s: 5, cadence_s: 5.2 }),
  status({ interval_s: 5, cadence_s: null }),
  // What keeps the numbers away then is said elsewhere.
  status({ interval_s: 5, cadence_s: 12, state: "stale", reason: "timeout" }),
])("is silent while the interval is kept, or nothing comes at all", async (source) => {
  expect((await show(<Cadence />, { nodes, source })).text()).toBe("");
});

it("says how often the numbers come instead, why, and what to do", async () => {
  const page = await show(<Cadence />, { nodes, source: stretched });
  page.store.queryBudget.value = 0.25;
  expect(page.text()).toBe("Every 12 s instead of 5 s");

  await page.click(".cadence button");

  expect(page.text()).toContain("took Prometheus 3.1 s in the last tick");
  expect(page.text()).toContain("25 % of the time");
  expect(page.text()).toContain("renewed every 60 s; they are 34 s old");
  expect(page.text()).toContain("recording rules");
  await change(() => (page.store.locale.value = "ja"));
  expect(page.text()).toContain("5 s ではなく 12 s ごと");
});

it("does not make up a share that the page was not told", async () => {
  const page = await show(<Cadence />, { nodes, source: stretched });
  await page.click(".cadence button");

  expect(page.text()).toContain("more than its share");
  expect(page.text()).not.toContain("%");
});

it("tells beside quantiles how old they are and how often they come", async () => {
  const page = await show(<SlowNote />, { nodes, source: stretched });
  expect(page.text()).toBe("Latency and bytes are 34 s old, and renewed every 60 s.");

  await change(() => (page.store.now.value = 5000));

  expect(page.text()).toContain("39 s old");
});

it("is silent beside quantiles that come with everything else", async () => {
  expect((await show(<SlowNote />, { nodes, source: status() })).text()).toBe("");
});
