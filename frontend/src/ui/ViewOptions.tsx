import { PERSPECTIVES, type SourceFacts } from "../model/entities";
import type { Mesh } from "../model/mesh";
import { changeView } from "../model/steps";
import { EXTRAS, type Extra } from "../model/view";
import { useApp } from "./context";
import { Popover } from "./Popover";

/** Whose numbers are drawn, and what is drawn besides what has traffic. */
export function ViewOptions() {
  const { store, t } = useApp();
  const view = store.view.value;
  const more = EXTRAS.filter((name) => view[name]).length;
  const text = t(`perspective.${view.perspective}`) + (more > 0 ? ` +${more}` : "");
  return (
    <Popover label={t("viewOptions")} text={text} icon="eye">
      <Perspectives />
      <fieldset class="options">
        <legend>{t("show")}</legend>
        {EXTRAS.map((name) => (
          <ExtraOption key={name} name={name} />
        ))}
      </fieldset>
    </Popover>
  );
}

function Perspectives() {
  const { store, t } = useApp();
  const chosen = store.view.value.perspective;
  return (
    <fieldset class="options">
      <legend>{t("perspective")}</legend>
      {PERSPECTIVES.map((perspective) => (
        <label key={perspective} class="check">
          <input
            type="radio"
            name="perspective"
            value={perspective}
            checked={perspective === chosen}
            onChange={() => changeView(store, { perspective })}
          />
          <span>
            {t(`perspective.${perspective}`)}
            <small>{t(`perspectiveHint.${perspective}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function ExtraOption({ name }: { name: Extra }) {
  const { store, t } = useApp();
  const isOn = store.view.value[name];
  const missing = missingIn(name, store.mesh.value, store.facts.value);
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={isOn}
        // What is on can always be switched off.
        disabled={missing !== null && !isOn}
        onChange={() => changeView(store, { [name]: !isOn })}
      />
      <span>
        {t(`show.${name}`)}
        <small>{missing === null ? t(`showHint.${name}`) : t(`showNone.${missing}`)}</small>
      </span>
    </label>
  );
}

/** The extra that the mesh is known not to have; null where it has it, or may have it. */
function missingIn(
  name: Extra,
  mesh: Mesh,
  facts: SourceFacts | null,
): "waypoints" | "operations" | null {
  switch (name) {
    case "idle":
      return null;
    case "waypoints":
      return hasNoWaypoint(mesh, facts) ? name : null;
    case "operations": {
      // Only a view that asked for them tells.
      const isAnswered = mesh.operations && mesh.nodes.size > 0;
      return isAnswered && !hasKind(mesh, "operation") ? name : null;
    }
  }
}

/** Waypoints are only where ztunnels are; an operator may have named some all the same. */
function hasNoWaypoint(mesh: Mesh, facts: SourceFacts | null): boolean {
  const eras = facts?.eras ?? [];
  const isAmbient = eras.some(({ era }) => era === "ztunnel" || era === "waypoint");
  if (eras.length === 0 || isAmbient || hasKind(mesh, "waypoint")) return false;
  return ![...mesh.edges.values()].some(({ reporter }) => reporter === "waypoint");
}

function hasKind(mesh: Mesh, kind: "operation" | "waypoint"): boolean {
  return [...mesh.nodes.values()].some((node) => node.kind === kind);
}
