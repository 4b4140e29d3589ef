// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { change, show } from "../testing/page";
import { useAtRest } from "./rest";

const source = signal("old");
let frames: Map<number, () => void>;
let waiting: Map<number, () => void>;

function Shown({ isUrgent }: { isUrgent: boolean }) {
  return <p>{useAtRest(() => source.value, isUrgent)}</p>;
}

/** Do what waited for a frame, and what waited for leisure. */
function pass(waiting: Map<number, () => void>): void {
  const due = [...waiting.values()];
  waiting.clear();
  for (const then of due) then();
}

/** Let the page draw its frame, and then rest. */
function rest(): Promise<void> {
  return change(() => {
    pass(frames);
    pass(waiting);
  });
}

function handing(waiting: Map<number, () => void>): (then: () => void) => number {
  return (then) => {
    waiting.set(waiting.size + 1, then);
    return waiting.size;
  };
}

beforeEach(() => {
  frames = new Map();
  waiting = new Map();
  source.value = "old";
  vi.stubGlobal("requestAnimationFrame", handing(frames));
  vi.stubGlobal("cancelAnimationFrame", (handle: number) => frames.delete(handle));
  vi.stubGlobal("requestIdleCallback", handing(waiting));
  vi.stubGlobal("cancelIdleCallback", (handle: number) => waiting.delete(handle));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it("shows what is urgent at once", async () => {
  const page = await show(<Shown isUrgent />, {});

  await change(() => (source.value = "new"));

  expect(page.text()).toBe("new");
  expect(waiting.size).toBe(0);
});

it("lets the rest wait until the page has nothing better to do, and shows the newest then", async () => {
  const page = await show(<Shown isUrgent={false} />, {});
  await rest();

  await change(() => (source.value = "new"));
  await change(() => (source.value = "newest"));
  expect(page.text()).toBe("old");
  // Not before the frame that shows it to those who look.
  expect(waiting.size).toBe(0);

  await rest();
  expect(page.text()).toBe("newest");
});

it("becomes urgent without waiting", async () => {
  const wanted = signal(false);
  const Choosing = () => <Shown isUrgent={wanted.value} />;
  const page = await show(<Choosing />, {});
  await rest();
  await change(() => (source.value = "new"));

  await change(() => (wanted.value = true));

  expect(page.text()).toBe("new");
  expect(waiting.size).toBe(0);
});
