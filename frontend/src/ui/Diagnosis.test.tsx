// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type { Diagnosis as Found } from "../model/entities";
import { check, diagnosis, facts } from "../testing/make";
import { type TestPage, change, show } from "../testing/page";
import { Diagnosis } from "./Diagnosis";

const ill = diagnosis({
  source: facts({ eras: [{ era: "ztunnel", series: 9 }] }),
  checks: [
    check("reachability"),
    check("clock", { state: "amber", detail: "40 s ahead", advice: "Run NTP." }),
    check("double_scraping", { state: "red", detail: "twice\u202e" }),
    check("rules", { state: "skipped", detail: "" }),
  ],
});

interface Visit {
  page: TestPage;
  answer: (found: Found) => Promise<void>;
  fail: (reason: string) => Promise<void>;
  signals: AbortSignal[];
}

/** Open the dialog on a page whose server answers when the test says so. */
async function visit(): Promise<Visit> {
  const page = await show(<Diagnosis />, {});
  const asked: { take: (found: Found) => void; refuse: (error: Error) => void }[] = [];
  const signals: AbortSignal[] = [];
  page.commands.diagnose = (signal) => {
    signals.push(signal);
    return new Promise((take, refuse) => asked.push({ take, refuse }));
  };
  await change(() => (page.store.dialog.value = "diagnosis"));
  const last = () => asked.at(-1) ?? expect.unreachable("nobody was asked");
  const settled = async (act: () => void) => {
    act();
    // The answer comes one round later.
    await change(() => undefined);
    await change(() => undefined);
  };
  return {
    page,
    signals,
    answer: (found) => settled(() => last().take(found)),
    fail: (reason) => settled(() => last().refuse(new Error(reason))),
  };
}

const words = (page: TestPage) =>
  [...page.root.querySelectorAll(".check-word")].map((word) => word.textContent);

describe("the diagnosis", () => {
  it("asks nobody while it is closed", async () => {
    const page = await show(<Diagnosis />, {});

    expect(page.text()).toBe("Diagnosis");
  });

  it("says what is being checked while it runs, and for how long", async () => {
    const { page } = await visit();
    await change(() => (page.store.now.value += 7_000));

    expect(page.find("[aria-busy]").textContent).toContain("Double scraping");
    expect(page.text()).toContain("7 s");
    expect(page.find("footer button").getAttribute("aria-disabled")).toBe("true");
  });

  it("is not run twice at a time", async () => {
    const { page, signals } = await visit();
    await page.click("footer button");

    expect(signals).toHaveLength(1);
  });

  it("lists the checks in their order, each with word, detail and advice", async () => {
    const { page, answer } = await visit();
    await answer(ill);

    expect(words(page)).toEqual(["Good", "Attention", "Broken", "Skipped"]);
    expect(page.find("[data-check=clock]").textContent).toContain("40 s aheadRun NTP.");
    expect(page.find("[role=status]").textContent).toBe("Broken 1Attention 1Good 1Skipped 1");
    expect(page.text()).toContain("twice⟨U+202E⟩");
  });

  it("gives every state a sign of its own", async () => {
    const { page, answer } = await visit();
    await answer(ill);
    const signs = [...page.root.querySelectorAll(".check-line path")].map((p) =>
      p.getAttribute("d"),
    );

    expect(new Set(signs).size).toBe(4);
  });

  it("tells the rest of the page what it found of the source", async () => {
    const { page, answer } = await visit();
    await answer(ill);

    expect(page.store.facts.value).toEqual(ill.source);
  });

  it("says where it looked, unless this viewer is not told", async () => {
    const { page, answer } = await visit();
    await answer(diagnosis({ source: facts({ url: "http://prometheus:9090", version: "3.1.0" }) }));
    expect(page.text()).toContain("3.1.0 http://prometheus:9090. ");

    await page.click("footer button");
    await answer(diagnosis({ source: facts({ url: "", version: "3.1.0" }) }));
    expect(page.text()).toContain("3.1.0. ");
  });

  it("says why it could not be run, and runs again", async () => {
    const { page, fail, answer, signals } = await visit();
    await fail("HTTP 504");
    expect(page.find("[role=alert]").textContent).toContain("HTTP 504");

    await page.click("footer button");
    expect(signals).toHaveLength(2);
    await answer(ill);

    expect(words(page)).toHaveLength(4);
  });

  it("is copied as text for a bug report", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", {
      clipboard: { writeText: (text: string) => Promise.resolve(void written.push(text)) },
    });
    const { page, answer } = await visit();
    await answer(ill);

    await page.click("footer button:last-child");
    await vi.waitFor(() => expect(page.find("footer").textContent).toContain("Copied"));
    vi.unstubAllGlobals();

    expect(written[0]).toContain("[amber] Clocks: 40 s ahead");
  });

  it("stops asking when it is closed", async () => {
    const { page, signals } = await visit();

    await page.click("header button");

    expect(page.store.dialog.value).toBeNull();
    expect(signals[0]?.aborted).toBe(true);
  });

  it("speaks Japanese", async () => {
    const { page, answer } = await visit();
    await answer(ill);
    await change(() => (page.store.locale.value = "ja"));

    expect(words(page)).toEqual(["良好", "注意", "異常", "省略"]);
    const clock = [...page.root.querySelectorAll("[data-check=clock] [lang=en]")];
    expect(clock.map((each) => each.textContent)).toEqual(["40 s ahead", "Run NTP."]);
  });
});
