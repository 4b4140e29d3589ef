import { MARK, placesIn } from "./model/links";
import type { Places } from "./model/saved";

/** Put nodes where the address says, now and whenever somebody pastes another one. */
export function watchPlaces(place: (places: Places) => void): void {
  const read = async () => {
    const { hash, pathname, search } = location;
    if (!hash.startsWith(MARK)) return;
    // Once is enough: after a reload nodes stand where they were left.
    history.replaceState(history.state, "", pathname + search);
    const places = await placesIn(hash);
    if (places !== null) place(places);
  };
  window.addEventListener("hashchange", () => void read());
  void read();
}
