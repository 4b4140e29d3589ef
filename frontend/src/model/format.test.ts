import { afterEach, expect, it } from "vitest";
import {
  UNKNOWN,
  age,
  clockTime,
  count,
  dateTime,
  duration,
  percent,
  rate,
  throughput,
  windowName,
  writeIn,
} from "./format";

afterEach(() => writeIn("en"));

it.each([
  [null, UNKNOWN],
  [0, "0 rps"],
  [0.004, "<0.01 rps"],
  [0.034, "0.034 rps"],
  [1.234, "1.23 rps"],
  [340.4, "340 rps"],
  [999.7, "1k rps"],
  [12_345, "12.3k rps"],
])("writes %s requests a second as %s", (rps, text) => {
  expect(rate(rps)).toBe(text);
});

it.each([
  [null, UNKNOWN],
  [0, "0 %"],
  [0.0004, "<0.1 %"],
  [0.0034, "0.3 %"],
  [0.125, "13 %"],
  [0.9997, ">99.9 %"],
  [1, "100 %"],
])("writes a share of %s as %s", (ratio, text) => {
  expect(percent(ratio)).toBe(text);
});

it.each([
  [undefined, UNKNOWN],
  [4.56, "4.56 ms"],
  [432.1, "432 ms"],
  [7000, "7 s"],
])("writes %s milliseconds as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [12, "12 B/s"],
  [1234, "1.23 kB/s"],
  [5_600_000, "5.6 MB/s"],
])("writes %s bytes a second as %s", (bps, text) => {
  expect(throughput(bps)).toBe(text);
});

it.each([
  [null, UNKNOWN],
  [-1, "0 s"],
  [61, "61 s"],
  [240, "4 min"],
  [7200, "2 h"],
])("writes an age of %s seconds as %s", (seconds, text) => {
  expect(age(seconds)).toBe(text);
});

it.each([
  [30, "30s"],
  [60, "1m"],
  [3600, "1h"],
])("names a window of %s seconds %s", (seconds, name) => {
  expect(windowName(seconds)).toBe(name);
});

it("groups the digits of large counts", () => {
  expect(count(0)).toBe("0");
  expect(count(12_345)).toBe("12,345");
});

it("writes times and ages in the chosen language", () => {
  const at = Date.UTC(2026, 2, 14, 15, 9, 26) / 1000;
  expect(dateTime(at)).toContain("2026");
  expect(clockTime(at)).toMatch(/^\d\d:09:26$/);
  expect(clockTime(0)).toBe(UNKNOWN);

  writeIn("ja");

  expect(dateTime(at)).toMatch(/^2026\/03\/1\d/);
  expect(clockTime(at)).toMatch(/^\d+:09:26$/);
  expect(age(240)).toBe("4 分");
  expect(rate(12_345)).toBe("12.3k rps");
});
