import { batch, effect } from "@preact/signals";
import { type Page, formatPage, parsePage, sameSelection } from "./model/page";
import type { Store } from "./model/store";
import { sameView } from "./model/view";

/** Keep the page's address and the store the same, both ways. */
export function syncAddress(store: Store): void {
  let before: Page = parsePage(location.search);
  effect(() => {
    const page = {
      view: store.view.value,
      labels: store.labels.value,
      selection: store.selection.value,
      filter: store.filter.value,
      looks: store.looks.value,
    };
    const query = formatPage(page);
    if (query !== location.search) write(before, page, query);
    before = page;
  });
  window.addEventListener("popstate", () => {
    const page = parsePage(location.search);
    batch(() => {
      if (!sameView(page.view, store.view.peek())) store.view.value = page.view;
      store.labels.value = page.labels;
      store.selection.value = page.selection;
      store.filter.value = page.filter;
      store.looks.value = page.looks;
    });
  });
}

/** Show what another address of the page carries; one can go back from it. */
export function visit(query: string): void {
  // As the page writes it itself, or it would be corrected by a second entry.
  history.pushState(null, "", location.pathname + formatPage(parsePage(query)));
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** What one would want to go back from gets an entry of its own; the rest does not. */
function write(before: Page, page: Page, query: string): void {
  // A wall that goes round its views would be months of steps.
  const isStep =
    !(before.looks.kiosk && page.looks.kiosk) &&
    (!sameView(before.view, page.view) ||
      !sameSelection(before.selection, page.selection) ||
      before.looks.open !== page.looks.open);
  const address = location.pathname + query;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
