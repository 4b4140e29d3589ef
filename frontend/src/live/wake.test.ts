// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchWake } from "./wake";

const awake = vi.fn();
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  awake.mockClear();
  stop = watchWake(awake, () => Date.now());
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

it.each([
  ["the network comes back", () => window.dispatchEvent(new Event("online"))],
  [
    "the page comes out of the back-forward cache",
    () => window.dispatchEvent(new Event("pageshow")),
  ],
  ["a frozen page is resumed", () => document.dispatchEvent(new Event("resume"))],
  ["the tab is looked at again", () => document.dispatchEvent(new Event("visibilitychange"))],
])("tells that %s", (_, happen) => {
  happen();

  expect(awake).toHaveBeenCalledOnce();
});

it.each([60_000, -3_600_000])("notices that the clock jumped by %d ms", (jump) => {
  vi.advanceTimersByTime(10_000);
  expect(awake).not.toHaveBeenCalled();

  vi.setSystemTime(Date.now() + jump);
  vi.advanceTimersByTime(1_000);

  expect(awake).toHaveBeenCalledOnce();
});

it("is silent once it was stopped", () => {
  stop();
  window.dispatchEvent(new Event("online"));
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(5_000);

  expect(awake).not.toHaveBeenCalled();
});
