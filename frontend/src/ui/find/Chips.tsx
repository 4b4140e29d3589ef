import type { ComponentChildren } from "preact";
import { percent, rate } from "../../model/format";
import { type Filter, NO_FILTER } from "../../model/filter";
import { changeView } from "../../model/steps";
import { elided, visible } from "../../model/text";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { FocusChip } from "./FocusChip";
import { counted, useFindWords } from "./words";

const LONGEST = 48;

/** Everything that makes the picture other than the mesh, each with its way out. */
export function Chips() {
  const { store } = useApp();
  const say = useFindWords();
  const filter = store.filter.value;
  const isIdle = store.view.value.idle;
  const change = (part: Partial<Filter>) =>
    (store.filter.value = { ...store.filter.peek(), ...part });
  const names = Object.keys(NO_FILTER) as (keyof Filter)[];
  const isBarOpen = store.asking.value !== "closed";
  // What Find asks stands in its own field, with its own way out, and takes nothing away.
  const isShown = (name: keyof Filter) => !(isBarOpen && name === "find");
  if (names.every((name) => !isShown(name) || filter[name] === NO_FILTER[name])) return null;
  return (
    <div class="chips" role="group" aria-label={say("active")}>
      {filter.focus !== null && <FocusChip focus={filter.focus} change={change} />}
      {(["find", "hide"] as const).map(
        (asked) =>
          // Their own fields show them as long as the bar is open.
          store.asking.value === "closed" &&
          filter[asked] !== "" && (
            <Chip key={asked} name={say(asked)} drop={() => change({ [asked]: "" })}>
              <code>{elided(visible(filter[asked]), LONGEST)}</code>
            </Chip>
          ),
      )}
      {filter.edges !== "all" && (
        <Chip name={say("edgeMode")} drop={() => change({ edges: "all" })}>
          {say(`edgeMode.${filter.edges}`)}
        </Chip>
      )}
      {filter.minRps !== null && (
        <Chip name={say("minRps")} drop={() => change({ minRps: null })}>
          {say("atLeast", { value: rate(filter.minRps) })}
        </Chip>
      )}
      {filter.minErrorRatio !== null && (
        <Chip name={say("minErrorRatio")} drop={() => change({ minErrorRatio: null })}>
          {say("atLeast", { value: percent(filter.minErrorRatio) })}
        </Chip>
      )}
      {isIdle && (
        <Chip name={say("idleShown")} drop={() => changeView(store, { idle: false })}>
          {null}
        </Chip>
      )}
      <Hidden />
      <button
        type="button"
        class="text-button"
        onClick={() => {
          store.filter.value = NO_FILTER;
          document.querySelector<HTMLElement>(".canvas")?.focus();
        }}
      >
        {say("clearAll")}
      </button>
    </div>
  );
}

interface ChipProps {
  name: string;
  drop: () => void;
  children: ComponentChildren;
}

function Chip({ name, drop, children }: ChipProps) {
  const say = useFindWords();
  return (
    <span class="filter-chip">
      <b>{name}</b> {children}
      <button type="button" aria-label={say("remove", { name })} onClick={drop}>
        <Icon name="close" />
      </button>
    </span>
  );
}

/** How much of the mesh is not drawn. */
function Hidden() {
  const { store } = useApp();
  const say = useFindWords();
  const mesh = store.mesh.value;
  const picture = store.picture.value;
  const nodes = mesh.nodes.size - picture.nodes.size;
  const edges = mesh.edges.size - picture.edges.size;
  const counts = [
    ...(nodes > 0 ? [counted(say, "node", nodes)] : []),
    ...(edges > 0 ? [counted(say, "edge", edges)] : []),
  ];
  const what = counts.join(store.locale.value === "ja" ? "、" : ", ");
  return (
    <span class="hidden-count" role="status">
      {nodes + edges > 0 && say("hiddenCount", { what })}
    </span>
  );
}
