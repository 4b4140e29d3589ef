import { type FindKey, findEn } from "../../locales/find.en";
import { findJa } from "../../locales/find.ja";
import { useApp } from "../context";

export type Say = (key: FindKey, values?: Readonly<Record<string, string | number>>) => string;

/** The words of this part of the page, in the chosen language. */
export function useFindWords(): Say {
  const words = useApp().store.locale.value === "ja" ? findJa : findEn;
  return (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** So many nodes or edges, in words. */
export function counted(say: Say, what: "node" | "edge", n: number): string {
  return n === 1 ? say(`${what}.one`) : say(`${what}.many`, { n });
}
