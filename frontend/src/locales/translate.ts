import { type Dictionary, type Key, en } from "./en";

export type { Key } from "./en";

type Language = "en" | "ja";

/** The words that have been fetched; English is part of the page. */
const dictionaries: Partial<Record<Language, Dictionary>> & { en: Dictionary } = { en };

/** Fetch a language's words: to be awaited before anything is shown in it. */
export async function fetchWords(language: Language): Promise<void> {
  if (language === "ja") dictionaries.ja ??= (await import("./ja")).ja;
}

/** A text in one language; `{name}` in it is replaced from `values`. */
export function translate(
  language: Language,
  key: Key,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const words = dictionaries[language] ?? dictionaries.en;
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
