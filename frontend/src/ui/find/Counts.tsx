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
  const counts = {
    nodes: found.nodes.size,
    of: picture.nodes.size,
    edges: counted(say, "edge", found.edges.size),
  };
  return <>{say("foundCount", counts)}</>;
}
