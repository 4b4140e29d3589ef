import { expect, it } from "vitest";
import type { Link } from "../model/notice";
import { parsePage } from "../model/page";
import { type Store, createStore } from "../model/store";
import type { Me } from "../wire/types";
import { watchViewer } from "./viewer";

const AWAY: Link = { state: "waiting", retryAt: 0, reason: "" };
const ME: Me = {
  sign_in: "proxy",
  user: "ada",
  role: "viewer",
  namespaces: [["shop"]],
  csrf_token: null,
};

function watched(answer: () => Promise<Me>): { store: Store; asked: () => number } {
  const store = createStore(parsePage(""), { theme: "auto", locale: "en", systemDark: true }, 0);
  let asked = 0;
  watchViewer(store, () => {
    asked += 1;
    return answer();
  });
  return { store, asked: () => asked };
}

it("asks nobody about the first connection: the page has just said it", () => {
  const { store, asked } = watched(() => Promise.resolve(ME));

  store.link.value = { state: "open" };

  expect(asked()).toBe(0);
});

it("asks once when the server is back, and believes it", async () => {
  const { store, asked } = watched(() => Promise.resolve(ME));
  for (const link of [AWAY, { state: "connecting" }, { state: "open" }] as const) {
    store.link.value = link;
  }
  store.link.value = { state: "open" };
  await Promise.resolve();
  await Promise.resolve();

  expect(asked()).toBe(1);
  expect(store.viewer.value).toMatchObject({ role: "viewer", isLimited: true });
});

it("goes on with what it knows when nobody answers", async () => {
  const { store } = watched(() => Promise.reject(new Error("503")));
  const before = store.viewer.value;
  store.link.value = AWAY;
  store.link.value = { state: "open" };
  await Promise.resolve();

  expect(store.viewer.value).toBe(before);
});
