import { batch } from "@preact/signals";
import { useId, useRef, useState } from "preact/hooks";
import { type Uncovering, uncoverings } from "../model/covers";
import type { Node } from "../model/entities";
import { nameOf } from "../model/names";
import { suggestions } from "../model/search";
import { elided, visible } from "../model/text";
import { useApp } from "./context";
import { focusPicture } from "./focus";
import { Icon } from "./Icon";
import { Uncover, coversInWords } from "./Uncover";

// One more letter finds the rest sooner than a longer list.
const MOST = 12;
const LONGEST = 44;

/** A node that was chosen although the picture leaves it out. */
interface Asked {
  node: Node;
  uncovering: Uncovering;
}

/** Finds nodes while one types; Enter goes to the one that fits best, or to the one chosen. */
export function Search() {
  const { store, t } = useApp();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { uncoveringOf, go, show } = useWays();
  const text = store.search.value;
  const fitting = suggestions(store.mesh.value, text, store.picture.value.nodes);
  const offers = isOpen && asked === null ? fitting.slice(0, MOST) : [];
  const choose = (node: Node) => {
    const uncovering = uncoveringOf(node.id);
    if (uncovering === null) {
      setOpen(false);
      go(node);
    } else setAsked({ node, uncovering });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      if (offers.length > 0) setActive((active + step + offers.length) % offers.length);
    }
    const chosen = fitting[active];
    if (event.key === "Enter" && !event.isComposing && chosen !== undefined) choose(chosen);
    if (event.key === "Escape") {
      store.search.value = "";
      setOpen(false);
      event.stopPropagation();
    }
  };
  const leave = () => {
    setAsked(null);
    field.current?.focus();
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={field}
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
        onFocus={() => {
          setAsked(null);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      {text.trim() === "" ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <span class="search-count" role="status">
          {t("searchFound", { n: fitting.length })}
        </span>
      )}
      {offers.length > 0 && (
        <ul id={`${id}-list`} class="offers" role="listbox" aria-label={t("searchList")}>
          {offers.map((node, index) => (
            <Row
              key={node.id}
              id={`${id}-${index}`}
              node={node}
              uncovering={uncoveringOf(node.id)}
              isActive={index === active}
              choose={() => choose(node)}
            />
          ))}
        </ul>
      )}
      {asked !== null && (
        <Uncover
          {...asked}
          leave={leave}
          show={() => {
            show(asked);
            setOpen(false);
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}

interface RowProps {
  id: string;
  node: Node;
  uncovering: Uncovering | null;
  isActive: boolean;
  choose: () => void;
}

function Row({ id, node, uncovering, isActive, choose }: RowProps) {
  const { store, t } = useApp();
  return (
    <li
      id={id}
      class={uncovering === null ? undefined : "offer-hidden"}
      role="option"
      aria-selected={isActive}
      // A press would take the focus out of the field, and close the list before the click.
      onPointerDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <span>
        <i class={`dot dot-${node.health}`} />{" "}
        {elided(nameOf(store.mesh.value.nodes, node.id), LONGEST)}
      </span>
      <small>
        {t(`kind.${node.kind}`)}
        {node.namespace !== null && ` · ${visible(elided(node.namespace, LONGEST))}`}
        {uncovering !== null && (
          <b>{t("searchHiddenBy", { what: coversInWords(t, uncovering) })}</b>
        )}
      </small>
    </li>
  );
}

/** The ways to a node: straight, or past what leaves it out of the picture. */
function useWays() {
  const { store, commands } = useApp();
  const mesh = store.mesh.value;
  const { nodes } = store.picture.value;
  const filter = store.filter.value;
  const uncover = uncoverings(mesh, filter, store.understand.value?.(filter.hide) ?? null);
  const go = ({ id }: Node) => {
    store.selection.value = { kind: "node", id };
    commands.reveal([id]);
    // It is found: nothing else has to step back any longer.
    store.search.value = "";
    // The next key is meant for what was found.
    focusPicture();
  };
  return {
    uncoveringOf: (id: string) => (nodes.has(id) ? null : uncover(id)),
    go,
    show: ({ node, uncovering }: Asked) => {
      batch(() => (store.filter.value = uncovering.filter));
      go(node);
    },
  };
}
