import { effect } from "@preact/signals";
import { recall, remember } from "./lib/storage";
import { writeIn } from "./model/format";
import type { Locale, Preferences, Store, ThemeChoice } from "./model/store";

const THEMES: readonly ThemeChoice[] = ["auto", "dark", "light"];
const LOCALES: readonly Locale[] = ["en", "ja"];

const lightSystem = window.matchMedia("(prefers-color-scheme: light)");

/** What the viewer chose before on this browser, else what the browser says of itself. */
export function readPreferences(): Preferences {
  const theme = recall("meshviz.theme");
  const locale = recall("meshviz.locale");
  return {
    theme: THEMES.find((known) => known === theme) ?? "auto",
    locale: LOCALES.find((known) => known === locale) ?? browserLocale(),
    systemDark: !lightSystem.matches,
    // On a small screen the picture needs the room.
    asking: recall("meshviz.asking") === true || (recall("meshviz.asking") !== false && !isSmall()),
  };
}

function isSmall(): boolean {
  return window.matchMedia("(max-width: 760px)").matches;
}

function browserLocale(): Locale {
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

/** Count trouble in the tab's title: the page is often one of many tabs. */
export function syncTitle(store: Store): void {
  effect(() => {
    const count = store.summary.value.attention;
    document.title = count === 0 ? "meshviz" : `(${count}) meshviz`;
  });
}

/** Put theme and language on the page, and remember what was chosen. */
export function syncPreferences(store: Store): void {
  lightSystem.addEventListener("change", () => (store.systemDark.value = !lightSystem.matches));
  effect(() => {
    document.documentElement.dataset.theme = store.dark.value ? "dark" : "light";
  });
  effect(() => {
    document.documentElement.lang = store.locale.value;
    writeIn(store.locale.value);
  });
  let wasAsking = store.asking.peek() !== "closed";
  effect(() => {
    const isAsking = store.asking.value !== "closed";
    // What nobody has chosen depends on the screen, and is not remembered.
    if (isAsking !== wasAsking) remember("meshviz.asking", isAsking);
    wasAsking = isAsking;
  });
  effect(() => remember("meshviz.theme", store.theme.value));
  effect(() => remember("meshviz.locale", store.locale.value));
}
