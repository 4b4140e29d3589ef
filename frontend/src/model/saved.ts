/** Views that people keep under a name: on the server where they sign in, else in the browser. */
import { forget, recall, remember } from "../lib/storage";

export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** The query of the page's address, which carries everything about it. */
  readonly query: string;
  /** Others see it, too. */
  readonly shared: boolean;
  readonly owner: string | null;
  /** Only its owner may change it. */
  readonly mine: boolean;
}

/** Where nodes stand, as the picture writes it (view/layout/keepsake.ts); nobody else looks inside. */
export type Places = Readonly<Record<string, unknown>>;

/** What is kept of a view. */
export interface ViewDraft {
  readonly name: string;
  readonly query: string;
  readonly shared: boolean;
  readonly places?: Places | null;
}

/** Where views are kept. Everything fails with a ShelfError. */
export interface Shelf {
  /** Who is signed in; null where nobody does, and then nothing can be shared. */
  readonly user: string | null;
  list(): Promise<readonly SavedView[]>;
  /** Where the nodes of a view stood when it was kept; null when nobody said. */
  places(id: string): Promise<Places | null>;
  add(draft: ViewDraft): Promise<SavedView>;
  change(id: string, change: Partial<ViewDraft>): Promise<SavedView>;
  /** Forget a view; what comes back is enough to keep it again. */
  remove(id: string): Promise<ViewDraft>;
}

export const COMPLAINTS = [
  "name_taken",
  "too_many",
  "not_there",
  "not_yours",
  "not_permitted",
  "unfit",
  "no_room",
  "no_database",
  "offline",
] as const;
export type Complaint = (typeof COMPLAINTS)[number];

export class ShelfError extends Error {
  constructor(
    readonly complaint: Complaint,
    detail = "",
  ) {
    super(detail);
  }
}

/** What is kept: one's own by name, then what others share by name. For whoever shows them. */
export async function savedViews(shelf: Shelf): Promise<readonly SavedView[]> {
  return inOrder(await shelf.list());
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function inOrder(views: readonly SavedView[]): readonly SavedView[] {
  return [...views].sort(
    (a, b) => Number(b.mine) - Number(a.mine) || collator.compare(a.name, b.name),
  );
}

/** One's own view of this name. */
export function named(views: readonly SavedView[], name: string): SavedView | undefined {
  return views.find((view) => view.mine && view.name === name.trim());
}

const KEY = "meshviz.views";
const MOST = 200;
export const LONGEST_NAME = 100;
const LONGEST_QUERY = 4096;

type Kept = Pick<SavedView, "id" | "name" | "query">;

/** Views in this browser's storage, which other tabs write as well: it is read anew every time. */
export class BrowserShelf implements Shelf {
  readonly user: string | null = null;

  list(): Promise<readonly SavedView[]> {
    return Promise.resolve(read().map(told));
  }

  places(id: string): Promise<Places | null> {
    return attempt(() => placesOf(found(read(), id)));
  }

  add({ name, query, places = null }: ViewDraft): Promise<SavedView> {
    return attempt(() => {
      const kept = read();
      if (kept.length >= MOST) throw new ShelfError("too_many");
      const id = String(1 + Math.max(0, ...kept.map((view) => Number(view.id))));
      return put(kept, { id, name, query }, places);
    });
  }

  change(id: string, change: Partial<ViewDraft>): Promise<SavedView> {
    return attempt(() => {
      const kept = read();
      const before = found(kept, id);
      const { name = before.name, query = before.query } = change;
      return put(kept, { id, name, query }, change.places);
    });
  }

  remove(id: string): Promise<ViewDraft> {
    return attempt(() => {
      const kept = read();
      const view = found(kept, id);
      const places = placesOf(view);
      write(kept.filter((other) => other !== view));
      forget(placesKey(view));
      return { name: view.name, query: view.query, shared: false, places };
    });
  }
}

function attempt<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()));
}

/** Keep a view; without a word about places those of before stay. */
function put(kept: readonly Kept[], view: Kept, places?: Places | null): SavedView {
  const fit = { ...view, name: view.name.trim() };
  if (!isKept(fit)) throw new ShelfError("unfit");
  if (kept.some(({ id, name }) => id !== fit.id && name === fit.name)) {
    throw new ShelfError("name_taken");
  }
  if (places === null) forget(placesKey(fit));
  else if (places !== undefined) store(placesKey(fit), places);
  write([...kept.filter(({ id }) => id !== fit.id), fit]);
  return told(fit);
}

function found(kept: readonly Kept[], id: string): Kept {
  const view = kept.find((each) => each.id === id);
  if (view === undefined) throw new ShelfError("not_there");
  return view;
}

function write(kept: readonly Kept[]): void {
  store(KEY, kept);
}

function store(key: string, value: unknown): void {
  remember(key, value);
  // Private windows and full storages say nothing, and keep what was there before.
  if (JSON.stringify(recall(key)) !== JSON.stringify(value)) throw new ShelfError("no_room");
}

/** Apart from the list, which is read much more often. */
function placesKey({ id }: Kept): string {
  return `${KEY}.places.${id}`;
}

function placesOf(view: Kept): Places | null {
  const stored = recall(placesKey(view));
  return typeof stored === "object" ? (stored as Places | null) : null;
}

function told({ id, name, query }: Kept): SavedView {
  return { id, name, query, shared: false, owner: null, mine: true };
}

function read(): readonly Kept[] {
  const stored = recall(KEY);
  return Array.isArray(stored) ? stored.filter(isKept) : [];
}

/** True for what this page would have written; anything may be in a browser's storage. */
function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, query } = value as Record<string, unknown>;
  return (
    typeof id === "string" &&
    /^\d{1,15}$/.test(id) &&
    typeof name === "string" &&
    name.length > 0 &&
    name.length <= LONGEST_NAME &&
    typeof query === "string" &&
    query.length <= LONGEST_QUERY &&
    (query === "" || query.startsWith("?"))
  );
}
