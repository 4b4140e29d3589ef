import type { Commands } from "../model/commands";
import type { SavedView } from "../model/saved";

let newest: SavedView | null = null;

/** Put the nodes of a view that is being shown where they stood when it was kept. */
export async function placeNodes(commands: Commands, view: SavedView): Promise<void> {
  newest = view;
  try {
    const places = await commands.shelf.places(view.id);
    // Who has opened another one since wants to see that one.
    if (places !== null && newest === view) commands.place(places);
  } catch {
    // The view is there without.
  }
}
