// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { SourceReason } from "../model/entities";
import { receive } from "../model/store";
import { ANYBODY } from "../model/viewer";
import { node, snapshot, status } from "../testing/make";
import { change, show } from "../testing/page";
import { Notices } from "./Notices";

const REASONS: readonly SourceReason[] = [
  "starting",
  "unreachable",
  "timeout",
  "rejected",
  "garbled",
  "window_too_short",
  "gap",
  "no_istio_metrics",
  "no_traffic",
  "namespace_filter",
  "no_worker",
  "no_redis",
];

describe("an empty page", () => {
  it.each(REASONS)("says what is wrong and what to do: %s", async (reason) => {
    const source = status({ state: "empty", reason, detail: "the server's words" });
    const page = await show(<Notices />, { source });
    const english = page.text();

    await change(() => (page.store.locale.value = "ja"));

    expect(page.find(".card").dataset.reason).toBe(reason);
    expect(english).toContain("the server's words");
    expect(page.text()).not.toBe(english);
    expect(page.text()).not.toContain("notice.");
  });

  it("gives every reason words of its own", async () => {
    const texts = new Set<string>();
    for (const reason of REASONS) {
      const page = await show(<Notices />, { source: status({ state: "empty", reason }) });
      texts.add(page.text());
    }

    expect(texts.size).toBe(REASONS.length);
  });

  it("tells who may see nothing whom to ask, and runs no diagnosis", async () => {
    const source = status({ state: "empty", reason: "not_permitted", advice: "In English." });
    const page = await show(<Notices />, { source });
    expect(page.text()).toContain("MESHVIZ_ACCESS_FILE");
    expect(page.root.querySelector("button")).toBeNull();

    await change(() => (page.store.locale.value = "ja"));

    expect(page.text()).toContain("名前空間が割り当てられていません");
    expect(page.text()).not.toContain("In English.");
  });

  it("offers no diagnosis to who sees a part of the mesh", async () => {
    const source = status({ state: "empty", reason: "unreachable" });
    const page = await show(<Notices />, { source });
    expect(page.text()).toContain("Run the diagnosis");

    await change(() => (page.store.viewer.value = { ...ANYBODY, isLimited: true }));

    expect(page.text()).not.toContain("Run the diagnosis");
  });

  it("offers all namespaces when the chosen ones are empty", async () => {
    const source = status({ state: "empty", reason: "namespace_filter" });
    const page = await show(<Notices />, { source });
    page.store.view.value = { ...page.store.view.value, namespaces: ["a"] };

    await page.click(".card button");

    expect(page.store.view.value.namespaces).toEqual([]);
  });
});

describe("the server's own words", () => {
  const source = status({
    state: "stale",
    reason: "window_too_short",
    detail: "Proxies are scraped every 30 s.",
    advice: "The shortest window that works is 60 s.",
  });

  it("say which window works, over a graph and on an empty page", async () => {
    for (const nodes of [[node("a")], []]) {
      const page = await show(<Notices />, { nodes, source });

      expect(page.text()).toContain("too short for how often the proxies are scraped");
      expect(page.text()).toContain("The shortest window that works is 60 s.");
    }
  });

  it("are marked as English on a page in another language, which adds its own", async () => {
    for (const nodes of [[node("a")], []]) {
      const page = await show(<Notices />, { nodes, source });
      await change(() => (page.store.locale.value = "ja"));
      const marked = [...page.root.querySelectorAll("[lang=en]")].map((each) => each.textContent);

      expect(marked).toEqual([source.detail, source.advice]);
    }
    expect(document.body.textContent).toContain("期間を長くするか");
  });
});

describe("a mesh without traffic", () => {
  const source = status({ state: "empty", reason: "no_traffic" });

  it("offers what is idle, once", async () => {
    const page = await show(<Notices />, { source });
    await page.click(".card button");

    expect(page.store.view.value.idle).toBe(true);
    expect(page.text()).not.toContain("Show idle");
  });
});

describe("over a graph", () => {
  const nodes = [node("a")];

  it("is silent while all is well", async () => {
    expect((await show(<Notices />, { nodes })).text()).toBe("");
  });

  it("says how old the numbers are, and goes on counting", async () => {
    const source = status({ state: "stale", reason: "unreachable", age_s: 10 });
    const page = await show(<Notices />, { nodes, source });
    expect(page.text()).toContain("10 s old");

    await change(() => (page.store.now.value = 5000));

    expect(page.text()).toContain("15 s old");
  });

  it("goes when Prometheus answers again", async () => {
    const source = status({ state: "stale", reason: "timeout" });
    const page = await show(<Notices />, { nodes, source });

    await change(() => receive(page.store, snapshot({ nodes, seq: 2 }), 0));

    expect(page.text()).toBe("");
  });

  it("says that the page is paused, and lets it go on", async () => {
    const page = await show(<Notices />, { nodes });
    await change(() => (page.store.paused.value = true));
    expect(page.text()).toContain("Paused");

    await page.click("button");

    expect(page.store.paused.value).toBe(false);
  });

  it("repeats the server's refusal until it is put away", async () => {
    const page = await show(<Notices />, { nodes });
    const refusal = { text: "window: no such window", parameter: "window", fellBack: true };
    await change(() => (page.store.refusal.value = refusal));
    expect(page.text()).toContain("This is the usual one");
    expect(page.find("[role=alert]").textContent).toContain("no such window");
    expect(page.find("[role=alert] [lang=en]").textContent).toBe(refusal.text);

    await page.click("[role=alert] button");

    expect(page.text()).toBe("");
  });
});

describe("a server with no room", () => {
  const link = { state: "waiting", retryAt: 9000, reason: "already serves 9 viewers" } as const;

  it("is not called unreachable, and the page says what to do", async () => {
    for (const nodes of [[node("a")], []]) {
      const page = await show(<Notices />, { nodes });
      await change(() => (page.store.link.value = { ...link, isFull: true }));

      expect(page.find("[data-reason=full]").textContent).toContain("already serves 9 viewers");
      expect(page.text()).toContain("MESHVIZ_MAX_VIEWERS");
      expect(page.text()).not.toContain("cannot be reached");
      expect(page.text()).not.toContain("Run the diagnosis");
    }
  });

  it("keeps the picture on screen when another one is too many", async () => {
    const page = await show(<Notices />, { nodes: [node("a")] });
    const refusal = { text: "views: already 9", parameter: "views", fellBack: false };
    await change(() => (page.store.refusal.value = refusal));
    expect(page.text()).toContain("The one on screen stays");
    expect(page.text()).toContain("MESHVIZ_MAX_VIEWS");

    await page.click(".banner button");

    expect(page.text()).toBe("");
  });
});

describe("the way to the diagnosis", () => {
  it.each(["unreachable", "no_istio_metrics", "no_traffic"] as const)(
    "leads from an empty page: %s",
    async (reason) => {
      const page = await show(<Notices />, { source: status({ state: "empty", reason }) });
      await page.click(".card button:last-of-type");

      expect(page.store.dialog.value).toBe("diagnosis");
    },
  );

  it("leads from the banner over an old graph", async () => {
    const source = status({ state: "stale", reason: "timeout" });
    const page = await show(<Notices />, { nodes: [node("a")], source });
    await page.click(".banner button");

    expect(page.store.dialog.value).toBe("diagnosis");
  });

  it("is not shown where there is no server to ask", async () => {
    const page = await show(<Notices />, {});
    await change(() => (page.store.link.value = { state: "waiting", retryAt: 0, reason: "" }));

    expect(page.find(".card").dataset.reason).toBe("offline");
    expect(page.root.querySelector(".card button")).toBeNull();
  });
});

it("says that a first layout is under way", async () => {
  const page = await show(<Notices />, { nodes: [node("a"), node("b")] });
  expect(page.text()).toBe("");

  await change(() => (page.store.laying.value = true));

  expect(page.find(".card").textContent).toBe("Laying out 2 nodes");
});
