import { EDGE_MODES, type Filter } from "../../model/filter";
import { percent, rate } from "../../model/format";
import { roundSteps, withSet } from "../../model/limits";
import { changeView } from "../../model/steps";
import { useApp } from "../context";
import { Popover } from "../Popover";
import { useFindWords } from "./words";

// As many as a thumb can tell apart on a slider of this width.
const MOST_STEPS = 15;

/** What is asked for most, without writing: kinds of edges, least requests, least errors, idle. */
export function QuickFilters() {
  const { store, t } = useApp();
  const say = useFindWords();
  const { edges, minRps, minErrorRatio } = store.filter.value;
  const isIdle = store.view.value.idle;
  const count = [edges !== "all", minRps !== null, minErrorRatio !== null, isIdle].filter(Boolean);
  const text = count.length === 0 ? say("filterNone") : say("filterCount", { n: count.length });
  return (
    <div class="quick">
      <Popover label={say("filter")} text={text} icon="funnel">
        <EdgeModes />
        <fieldset class="options">
          <legend>{say("limits")}</legend>
          <Limit name="minRps" of="rps" write={rate} />
          <Limit name="minErrorRatio" of="error_ratio" write={percent} />
          <p class="quiet">{say("limitsHint")}</p>
        </fieldset>
        <fieldset class="options">
          <legend>{t("show")}</legend>
          <label class="check">
            <input
              type="checkbox"
              name="quick-idle"
              checked={isIdle}
              onChange={() => changeView(store, { idle: !isIdle })}
            />
            <span>
              {t("show.idle")}
              <small>{t("showHint.idle")}</small>
            </span>
          </label>
        </fieldset>
      </Popover>
    </div>
  );
}

function EdgeModes() {
  const { store } = useApp();
  const say = useFindWords();
  const chosen = store.filter.value.edges;
  return (
    <fieldset class="options">
      <legend>{say("edgeMode")}</legend>
      {EDGE_MODES.map((edges) => (
        <label key={edges} class="check">
          <input
            type="radio"
            name="edge-mode"
            value={edges}
            checked={edges === chosen}
            onChange={() => (store.filter.value = { ...store.filter.peek(), edges })}
          />
          <span>{say(`edgeMode.${edges}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface LimitProps {
  name: "minRps" | "minErrorRatio";
  of: "rps" | "error_ratio";
  write: (value: number) => string;
}

/** A slider over round numbers as far as the mesh goes; its left end is no limit. */
function Limit({ name, of, write }: LimitProps) {
  const { store } = useApp();
  const say = useFindWords();
  const set = store.filter.value[name];
  const present = [...store.mesh.value.edges.values()].map((edge) => edge[of] ?? 0);
  const steps = withSet(roundSteps(present, MOST_STEPS), set);
  const place = set === null ? 0 : steps.indexOf(set) + 1;
  const text = set === null ? say("noLimit") : say("atLeast", { value: write(set) });
  const choose = (index: number) => {
    const part: Partial<Filter> = { [name]: steps[index - 1] ?? null };
    store.filter.value = { ...store.filter.peek(), ...part };
  };
  return (
    <label class="limit">
      <span>
        {say(name)} <b>{text}</b>
      </span>
      <input
        type="range"
        name={name}
        min={0}
        max={steps.length}
        step={1}
        value={place}
        disabled={steps.length === 0}
        aria-valuetext={text}
        onInput={(event) => choose(Number(event.currentTarget.value))}
      />
    </label>
  );
}
