import { type ComponentChildren, render } from "preact";
import { act } from "preact/test-utils";
import type { Commands } from "../model/commands";
import type { Diagnosis, Distribution, History, Queries } from "../model/entities";
import type { HistoryAsk } from "../model/history";
import type { Words } from "../model/export/words";
import { parsePage } from "../model/page";
import { BrowserShelf, type Places, type Shelf } from "../model/saved";
import { type Store, createStore, receive } from "../model/store";
import type { Snapshot } from "../wire/types";
import { Context } from "../ui/context";
import { snapshot } from "./make";

/** Commands that only note that they were given. */
export class NotedCommands implements Commands {
  readonly given: string[] = [];
  answer: () => Promise<Queries> = () => Promise.reject(new Error("no queries in this test"));

  fit = () => void this.given.push("fit");
  reveal = (ids: readonly string[]) => void this.given.push(`reveal ${ids.join()}`);
  tidy = () => void this.given.push("tidy");
  zoomBy = (factor: number) => void this.given.push(`zoom ${factor}`);
  drawing = (format: "png" | "svg", words: Words) => {
    this.given.push(`${format} ${words.title}`);
    return Promise.resolve(new Blob(["a picture"]));
  };
  undo = () => void this.given.push("undo");
  redo = () => void this.given.push("redo");
  reconnect = () => void this.given.push("reconnect");
  queries = () => this.answer();
  past: (ask: HistoryAsk, signal: AbortSignal) => Promise<History> = () =>
    Promise.reject(new Error("no history in this test"));
  history = (ask: HistoryAsk, signal: AbortSignal) => this.past(ask, signal);
  spread: () => Promise<Distribution> = () =>
    Promise.reject(new Error("no distribution in this test"));
  distribution = () => this.spread();
  stand: Places | null = null;
  places = () => this.stand;
  place = (places: Places) => void this.given.push(`place ${JSON.stringify(places)}`);
  shelf: Shelf = new BrowserShelf();
  visit = (query: string) => void this.given.push(`visit ${query}`);
  askViewer = () => {
    this.given.push("ask viewer");
    return Promise.resolve();
  };
  signOut = () => {
    this.given.push("sign out");
    return Promise.resolve();
  };
  diagnose: (signal: AbortSignal) => Promise<Diagnosis> = () =>
    Promise.reject(new Error("no diagnosis in this test"));
  diagnosis = (signal: AbortSignal) => this.diagnose(signal);
}

export interface TestPage {
  root: HTMLElement;
  store: Store;
  commands: NotedCommands;
  /** The page's text, with runs of white space as single blanks. */
  text(): string;
  find(selector: string): HTMLElement;
  click(selector: string): Promise<void>;
}

/** Put components on a page whose store has taken a snapshot. */
export async function show(
  children: ComponentChildren,
  frame: Partial<Snapshot>,
  prepare: (commands: NotedCommands, store: Store) => void = () => undefined,
): Promise<TestPage> {
  const store = createStore(parsePage(""), { theme: "dark", locale: "en", systemDark: true }, 0);
  store.link.value = { state: "open" };
  receive(store, snapshot(frame), 0);
  const commands = new NotedCommands();
  prepare(commands, store);
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  await act(() =>
    render(<Context.Provider value={{ store, commands }}>{children}</Context.Provider>, root),
  );
  const find = (selector: string) => {
    const found = root.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  return {
    root,
    store,
    commands,
    find,
    text: () => root.textContent.replaceAll(/\s+/g, " "),
    click: (selector) => act(() => find(selector).click()),
  };
}

/** Change something and wait until the page shows it. */
export function change(act_: () => void): Promise<void> {
  return act(act_);
}
