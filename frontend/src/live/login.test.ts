// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { comeBack } from "./login";

beforeEach(() => sessionStorage.clear());

it("comes by the proxy again, but not for ever", () => {
  const reload = vi.fn();

  expect(comeBack(sessionStorage, 1_000_000, reload)).toBe(true);
  expect(comeBack(sessionStorage, 1_005_000, reload)).toBe(false);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(comeBack(sessionStorage, 1_061_000, reload)).toBe(true);
});

it("stays where nothing can be remembered", () => {
  const full = { getItem: () => null, setItem: () => assert() } as unknown as Storage;
  const assert = () => {
    throw new Error("full");
  };
  const reload = vi.fn();

  expect(comeBack(full, 1_000_000, reload)).toBe(false);
  expect(reload).not.toHaveBeenCalled();
});
