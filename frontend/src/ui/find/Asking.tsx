import { useApp } from "../context";
import { IconButton } from "../Toolbar";
import { AskField } from "./AskField";
import { Chips } from "./Chips";
import { QuickFilters } from "./QuickFilters";
import { QueryHelp } from "./QueryHelp";
import { useFindWords } from "./words";

/** Find, Hide and the quick filters, and below them what is active. */
export function Asking() {
  const { store } = useApp();
  const say = useFindWords();
  return (
    <>
      {store.asking.value !== "closed" && (
        <div class="findbar" role="group" aria-label={say("bar")}>
          <AskField asked="find" />
          <AskField asked="hide" />
          <QuickFilters />
          <IconButton
            icon="help"
            label={say("help")}
            onClick={() => (store.dialog.value = "query")}
          />
        </div>
      )}
      <Chips />
      <QueryHelp />
    </>
  );
}
