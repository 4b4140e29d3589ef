import { expect, it } from "vitest";
import { codeName } from "./codes";

it.each([
  ["0", "grpc", "OK (0)"],
  ["14", "grpc", "UNAVAILABLE (14)"],
  ["16", "grpc", "UNAUTHENTICATED (16)"],
  ["503", "grpc", "503"],
  ["", "grpc", ""],
  ["503", "http", "503"],
  ["14", "http", "14"],
] as const)("reads code %s of %s as %s", (code, protocol, text) => {
  expect(codeName(code, protocol)).toBe(text);
});

it("tells an answer of HTTP from none", () => {
  expect(codeName("0", "http")).toBeNull();
});
