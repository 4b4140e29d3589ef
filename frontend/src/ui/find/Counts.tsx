import { foundIn } from "../../model/search";
import { useApp } from "../context";
import { counted, useFindWords } from "./words";

/** How much of the picture Find lights up. */
export function Counts() {
  const { store } = useApp();
  const say = useFindWords();
  const picture = store.picture.value;
  const question = store.understand.value?.(store.filter.value.find) ?? null;
  const found = foundIn(picture, "", question);
  if (found === null) return null;
  // A line is lit with both its ends.
  const lit = new Set(found.nodes);
  for (const id of found.edges) {
    const edge = picture.edges.get(id);
    if (edge !== undefined) lit.add(edge.source).add(edge.target);
  }
  const counts = {
    nodes: lit.size,
    of: picture.nodes.size,
    edges: counted(say, "edge", found.edges.size),
  };
  return <>{say("foundCount", counts)}</>;
}
