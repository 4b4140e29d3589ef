import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Key, translate } from "../locales/translate";
import type { Commands } from "../model/commands";
import type { Store } from "../model/store";

export interface AppContext {
  store: Store;
  commands: Commands;
}

export const Context = createContext<AppContext | null>(null);

/** The store, the commands, and `t` for the words of the chosen language. */
export function useApp(): AppContext & { t: Translate } {
  const app = useContext(Context);
  if (app === null) throw new Error("this component must stand inside <App>");
  const locale = app.store.locale.value;
  return { ...app, t: (key, values) => translate(locale, key, values) };
}

export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;
