import { type Dictionary, type Key, en } from "./en";
import { ja } from "./ja";

export type { Key } from "./en";

const DICTIONARIES: Readonly<Record<"en" | "ja", Dictionary>> = { en, ja };

/** A text in one language; `{name}` in it is replaced from `values`. */
export function translate(
  locale: "en" | "ja",
  key: Key,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return DICTIONARIES[locale][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
