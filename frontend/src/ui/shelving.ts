import { useEffect, useState } from "preact/hooks";
import type { Commands } from "../model/commands";
import {
  type Complaint,
  type SavedView,
  type Shelf,
  ShelfError,
  type ViewDraft,
  savedViews,
} from "../model/saved";

/** What was done last: it is said, and where something was lost there is a way back. */
export interface Deed {
  word: "added" | "overwritten" | "renamed" | "shared" | "unshared" | "removed" | "restored";
  name: string;
  undo: (() => void) | null;
}

/** What is on screen: the page's address, and where the nodes stand. */
export type Shown = Required<Pick<ViewDraft, "query" | "places">>;

export function whatIsShown(commands: Commands): Shown {
  return { query: location.search, places: commands.places() };
}

/** The kept views as far as they are known, and what can be done to them. */
export interface Shelving {
  /** Null before the first answer. */
  views: readonly SavedView[] | null;
  complaint: Complaint | null;
  deed: Deed | null;
  add(draft: ViewDraft): Promise<boolean>;
  overwrite(view: SavedView, shown: Shown): Promise<boolean>;
  rename(view: SavedView, name: string): Promise<boolean>;
  share(view: SavedView, shared: boolean): Promise<boolean>;
  remove(view: SavedView): Promise<boolean>;
}

/** Read and change what is on the shelf; it is asked again after every change, since others share. */
export function useShelf(shelf: Shelf): Shelving {
  const [views, setViews] = useState<readonly SavedView[] | null>(null);
  const [complaint, setComplaint] = useState<Complaint | null>(null);
  const [deed, setDeed] = useState<Deed | null>(null);

  const attempt = async (act: () => Promise<Deed | null>): Promise<boolean> => {
    try {
      const done = await act();
      setViews(await savedViews(shelf));
      setDeed(done);
      setComplaint(null);
      return true;
    } catch (error) {
      setDeed(null);
      setComplaint(error instanceof ShelfError ? error.complaint : "offline");
      return false;
    }
  };
  useEffect(() => void attempt(() => Promise.resolve(null)), []);

  const change = (view: SavedView, fields: Partial<ViewDraft>, word: Deed["word"]) =>
    attempt(async () => {
      const { name } = await shelf.change(view.id, fields);
      return { word, name, undo: null };
    });
  const overwrite = (view: SavedView, shown: Shown) =>
    attempt(async () => {
      const before = { query: view.query, places: await shelf.places(view.id) };
      const { name } = await shelf.change(view.id, shown);
      const undo = () => void change(view, before, "restored");
      return { word: "overwritten", name, undo };
    });
  const add = (draft: ViewDraft, word: Deed["word"] = "added") =>
    attempt(async () => ({ word, name: (await shelf.add(draft)).name, undo: null }));

  return {
    views,
    complaint,
    deed,
    add,
    overwrite,
    rename: (view, name) => change(view, { name }, "renamed"),
    share: (view, shared) => change(view, { shared }, shared ? "shared" : "unshared"),
    remove: (view) =>
      attempt(async () => {
        const draft = await shelf.remove(view.id);
        // Kept again, somebody else's would be one's own.
        const undo = view.mine ? () => void add(draft, "restored") : null;
        return { word: "removed", name: view.name, undo };
      }),
  };
}
