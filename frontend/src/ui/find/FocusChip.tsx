import { type Filter, type Focus, HOPS, WAYS } from "../../model/filter";
import { nameOf } from "../../model/names";
import { elided } from "../../model/text";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { useFindWords } from "./words";

const LONGEST = 32;

interface FocusChipProps {
  focus: Focus;
  change: (part: Partial<Filter>) => void;
}

/** The node in focus, how far and which way the picture goes from it, and the way out. */
export function FocusChip({ focus, change }: FocusChipProps) {
  const { store, commands } = useApp();
  const say = useFindWords();
  const { nodes } = store.mesh.value;
  const name = elided(nameOf(nodes, focus.id), LONGEST);
  const refocus = (part: Partial<Focus> | null) => {
    change({ focus: part === null ? null : { ...focus, ...part } });
    commands.fit();
  };
  return (
    <span class="filter-chip focus-chip" role="group" aria-label={`${say("focus")}: ${name}`}>
      <Icon name="target" />
      <button
        type="button"
        class="link"
        onClick={() => {
          store.selection.value = { kind: "node", id: focus.id };
          commands.reveal([focus.id]);
        }}
      >
        {name}
      </button>
      {!nodes.has(focus.id) && nodes.size > 0 && <small>({say("focusGone")})</small>}
      <span class="segments" role="radiogroup" aria-label={say("hops")}>
        {HOPS.map((hops) => (
          <label key={hops} class="segment">
            <input
              type="radio"
              name="focus-hops"
              checked={hops === focus.hops}
              onChange={() => refocus({ hops })}
            />
            <span>{hops}</span>
          </label>
        ))}
      </span>
      <select
        aria-label={say("way")}
        value={focus.way}
        onChange={(event) => {
          const way = WAYS.find((each) => each === event.currentTarget.value);
          if (way !== undefined) refocus({ way });
        }}
      >
        {WAYS.map((way) => (
          <option key={way} value={way} selected={way === focus.way}>
            {say(`way.${way}`)}
          </option>
        ))}
      </select>
      <button type="button" aria-label={say("focusOff")} onClick={() => refocus(null)}>
        <Icon name="close" />
      </button>
    </span>
  );
}
