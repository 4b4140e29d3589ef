import { expect, it } from "vitest";
import type { Me } from "../wire/types";
import { ANYBODY, maySave, mayLeave, mayTidy, viewerFrom, viewerOf } from "./viewer";

const me = (change: Partial<Me>): Me => ({
  sign_in: "users",
  user: "ada",
  role: "viewer",
  namespaces: null,
  csrf_token: null,
  ...change,
});

it("reads from the page who looks", () => {
  const page = { user: "ada", signIn: "proxy", role: "editor", limited: "true" };

  expect(viewerOf(page)).toEqual({
    user: "ada",
    signIn: "proxy",
    role: "editor",
    isLimited: true,
    namespaces: null,
  });
});

it("takes a page that says nothing, or what nobody knows, for anybody's", () => {
  expect(viewerOf({})).toEqual(ANYBODY);
  expect(viewerOf({ signIn: "magic", role: "king", limited: "" })).toEqual(ANYBODY);
});

it("is limited exactly where the server names namespaces, be it none", () => {
  expect(viewerFrom(me({})).isLimited).toBe(false);
  expect(viewerFrom(me({ namespaces: [["shop"]] })).isLimited).toBe(true);
  expect(viewerFrom(me({ namespaces: [[]] })).isLimited).toBe(true);
});

it.each([
  ["viewer", false, false],
  ["editor", true, false],
  ["admin", true, true],
] as const)("lets a %s save views: %s, and tidy up: %s", (role, saves, tidies) => {
  const viewer = viewerFrom(me({ role }));

  expect([maySave(viewer), mayTidy(viewer)]).toEqual([saves, tidies]);
});

it("leaves what is kept in a browser to whoever sits there", () => {
  expect(maySave({ ...ANYBODY, role: "viewer" })).toBe(true);
  expect(mayTidy(ANYBODY)).toBe(false);
});

it("offers the way out where the way in is meshviz' own", () => {
  const leaving = (["none", "users", "proxy", "oidc"] as const).filter((signIn) =>
    mayLeave({ ...ANYBODY, signIn }),
  );

  expect(leaving).toEqual(["users", "oidc"]);
});
