// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { SourceFacts } from "../model/entities";
import { facts, status } from "../testing/make";
import { type TestPage, change, show } from "../testing/page";
import { SourceInfo } from "./SourceInfo";

const mixed = facts({
  clock_offset_s: -40,
  scraped_times: 2,
  eras: [
    { era: "mixer-1", series: 40 },
    { era: "native", series: 1200 },
  ],
  istio_versions: [
    { component: "pilot", version: "1.24.2", count: 2 },
    { component: "proxy", version: "1.24.2", count: 50 },
  ],
});

async function open(known: SourceFacts | null, warnings: string[] = []): Promise<TestPage> {
  const page = await show(<SourceInfo />, { source: status({ warnings }) });
  await change(() => (page.store.facts.value = known));
  await page.click("button");
  await import("./SourceFacts");
  await change(() => undefined);
  return page;
}

describe("the source", () => {
  it("says in the bar which Istio it found", async () => {
    const page = await open(mixed);

    expect(page.find("button").textContent).toBe("Istio 1.24.2 · Mixer 1.x, native");
  });

  it("says more when asked: eras, versions, clock and how often proxies are scraped", async () => {
    const page = await open(mixed);

    for (const text of [
      "Proxies of Istio 1.17 and newer1200 series",
      "proxy 1.24.2× 50",
      "40 s behind meshviz",
      "2 times over",
    ]) {
      expect(page.text()).toContain(text);
    }
  });

  it("says nothing of clocks and scrapes that are as they should be", async () => {
    const page = await open(facts({ clock_offset_s: 0.2, scraped_times: 1 }));

    expect(page.text()).not.toContain("clock");
    expect(page.text()).not.toContain("times over");
  });

  it("puts 1.5 before 1.10", async () => {
    const versions = ["1.10.2", "1.5.1"].map((version) => ({
      component: "proxy",
      version,
      count: 1,
    }));
    const page = await open(facts({ istio_versions: versions }));

    expect(page.find("button").textContent).toBe("Istio 1.5.1, 1.10.2");
    expect(page.text()).toContain("proxy 1.5.1× 1proxy 1.10.2× 1");
  });

  it("counts and lists all warnings, each once", async () => {
    const page = await open(facts({ warnings: ["not verified", "both"] }), ["late", "both"]);
    const listed = [...page.root.querySelectorAll(".warning-list li")].map((li) => li.textContent);
    expect(page.root.querySelectorAll(".warning-list li[lang=en]")).toHaveLength(3);

    expect(page.find("button").textContent).toContain("Warnings: 3");
    expect(listed).toEqual(["late", "both", "not verified"]);
  });

  it("warns also before the server has said anything of its source", async () => {
    const page = await open(null, ["late"]);

    expect(page.text()).toContain("late");
  });

  it("has no line for an address that this viewer is not told", async () => {
    const told = await open(facts({ url: "http://prometheus:9090" }));
    expect(told.text()).toContain("Addresshttp://prometheus:9090");

    const untold = await open(facts({ url: "" }));
    expect(untold.text()).not.toContain("Address");
  });

  it("leads to the diagnosis", async () => {
    const page = await open(mixed);
    await page.click(".popover-box > .text-button");

    expect(page.store.dialog.value).toBe("diagnosis");
  });
});
