import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { MeshvizStatus } from "../model/entities";
import { parsePage } from "../model/page";
import { type Store, createStore, receive } from "../model/store";
import { facts, snapshot, status } from "../testing/make";
import { watchFacts } from "./facts";

const KNOWN = facts({ eras: [{ era: "native", series: 12 }] });
let store: Store;
let asked: number;
let answer: () => Promise<MeshvizStatus>;
let stop: () => void;

function says(source: typeof KNOWN): Promise<MeshvizStatus> {
  return Promise.resolve({ source, version: "9.9" } as MeshvizStatus);
}

beforeEach(() => {
  vi.useFakeTimers();
  store = createStore(parsePage(""), { theme: "dark", locale: "en", systemDark: true }, 0);
  asked = 0;
  answer = () => says(KNOWN);
  stop = watchFacts(store, () => {
    asked += 1;
    return answer();
  });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

it("asks nobody before there is a connection", async () => {
  await settle();

  expect(asked).toBe(0);
});

it("learns with every connection what the server knows of its source", async () => {
  store.link.value = { state: "open" };
  await settle();

  expect(store.facts.value).toEqual(KNOWN);
  expect(store.serverVersion.value).toBe("9.9");
});

it("asks once a minute, and sooner while no era is known", async () => {
  answer = () => says(facts());
  store.link.value = { state: "open" };
  await settle();
  answer = () => says(KNOWN);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(2);
  expect(store.facts.value).toEqual(KNOWN);

  await vi.advanceTimersByTimeAsync(59_000);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toBe(3);
});

it("asks again when Prometheus goes or comes back, and not with every frame", async () => {
  store.link.value = { state: "open" };
  receive(store, snapshot(), 0);
  await settle();
  const before = asked;
  receive(store, snapshot({ seq: 2 }), 0);
  await settle();
  expect(asked).toBe(before);

  receive(store, { type: "status", source: status({ state: "stale" }) }, 0);
  await settle();

  expect(asked).toBe(before + 1);
});

it("keeps what it knows when an answer does not come", async () => {
  store.link.value = { state: "open" };
  await settle();
  answer = () => Promise.reject(new Error("down"));
  await vi.advanceTimersByTimeAsync(60_000);

  expect(asked).toBe(2);
  expect(store.facts.value).toEqual(KNOWN);
});

it("takes no answer that comes after the connection has gone", async () => {
  store.link.value = { state: "open" };
  store.link.value = { state: "waiting", retryAt: 0, reason: "" };
  await settle();

  expect(store.facts.value).toBeNull();
});
