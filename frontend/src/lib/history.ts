import { recall, remember } from "./storage";

const MOST = 20;

/** What was entered under a key before, the latest first. */
export function entered(key: string): readonly string[] {
  const stored = recall(key);
  return Array.isArray(stored)
    ? stored.filter((one) => typeof one === "string").slice(0, MOST)
    : [];
}

/** Remember what was entered; the same again only moves to the front. */
export function enter(key: string, text: string): void {
  if (text === "") return;
  const others = entered(key).filter((one) => one !== text);
  remember(key, [text, ...others].slice(0, MOST));
}
