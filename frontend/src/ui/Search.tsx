import { useId, useState } from "preact/hooks";
import type { Node } from "../model/entities";
import { nameOf } from "../model/names";
import { suggestions } from "../model/search";
import { elided, visible } from "../model/text";
import { useApp } from "./context";
import { Icon } from "./Icon";

// One more letter finds the rest sooner than a longer list.
const MOST = 12;
const LONGEST = 44;

/** Finds nodes while one types; Enter goes to the one that fits best, or to the one chosen. */
export function Search() {
  const { store, t } = useApp();
  const id = useId();
  const [active, setActive] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const go = useGo();
  const text = store.search.value;
  const found = store.matches.value;
  const fitting = text.trim() === "" ? [] : suggestions(store.picture.value, text);
  const offers = isOpen ? fitting.slice(0, MOST) : [];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (offers.length > 0) setActive((active + step + offers.length) % offers.length);
    }
    const chosen = fitting[active];
    if (event.key === "Enter" && !event.isComposing && chosen !== undefined) {
      setOpen(false);
      go(chosen);
    }
    if (event.key === "Escape") {
      store.search.value = "";
      setOpen(false);
      event.stopPropagation();
    }
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        id="search"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={t("searchHint")}
        aria-expanded={offers.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={offers.length > 0 ? `${id}-${active}` : undefined}
        placeholder={t("searchHint")}
        value={text}
        onInput={(event) => {
          store.search.value = event.currentTarget.value;
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      {text.trim() === "" || found === null ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <span class="search-count" role="status">
          {t("searchFound", { n: found.nodes.size })}
        </span>
      )}
      {offers.length > 0 && (
        <ul id={`${id}-list`} class="offers" role="listbox" aria-label={t("searchList")}>
          {offers.map((node, index) => (
            <Row
              key={node.id}
              id={`${id}-${index}`}
              node={node}
              isActive={index === active}
              go={() => {
                setOpen(false);
                go(node);
              }}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowProps {
  id: string;
  node: Node;
  isActive: boolean;
  go: () => void;
}

function Row({ id, node, isActive, go }: RowProps) {
  const { store, t } = useApp();
  return (
    <li
      id={id}
      role="option"
      aria-selected={isActive}
      // A press would take the focus out of the field, and close the list before the click.
      onPointerDown={(event) => event.preventDefault()}
      onClick={go}
    >
      <span>
        <i class={`dot dot-${node.health}`} />{" "}
        {elided(nameOf(store.mesh.value.nodes, node.id), LONGEST)}
      </span>
      <small>
        {t(`kind.${node.kind}`)}
        {node.namespace !== null && ` · ${visible(elided(node.namespace, LONGEST))}`}
      </small>
    </li>
  );
}

/** Select a node and bring it into sight. */
function useGo(): (node: Node) => void {
  const { store, commands } = useApp();
  return ({ id }) => {
    store.selection.value = { kind: "node", id };
    commands.reveal([id]);
  };
}
