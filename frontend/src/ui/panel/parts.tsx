import type { ComponentChildren } from "preact";
import type { Health } from "../../model/entities";
import type { Selection } from "../../model/page";
import { openPage } from "../../model/steps";
import { useApp } from "../context";
import { leaveSelection } from "../focus";
import { HealthChip } from "../HealthChip";
import { Icon } from "../Icon";
import { IconButton } from "../Toolbar";
import { OriginsOf } from "./origins";
import { Promql } from "./Promql";
import { Figure } from "./Traced";

/** The panel's frame: what it is about, and a way out. */
export function PanelFrame({
  selection,
  kind,
  title,
  health,
  children,
}: {
  selection: NonNullable<Selection>;
  kind: string;
  title: ComponentChildren;
  /** Null for what has none of its own. */
  health: Health | null;
  children: ComponentChildren;
}) {
  const { store, t } = useApp();
  return (
    <aside class="panel" aria-label={kind} data-panel>
      <header class="panel-head">
        <div>
          <p class="eyebrow">
            {kind}
            {health !== null && <HealthChip health={health} />}
          </p>
          <h2>{title}</h2>
        </div>
        <IconButton icon="close" label={t("close")} onClick={() => leaveSelection(store)} />
      </header>
      <OriginsOf selection={selection}>
        {children}
        {/* The server tells the queries of nodes and edges. */}
        {selection.kind !== "namespace" && <Promql />}
      </OriginsOf>
    </aside>
  );
}

interface TileProps {
  name: string;
  value: string;
  bad?: boolean;
  /** The number's place on the wire, where it can tell how it is known. */
  field?: string;
}

/** One number with its name; red when it is bad. */
export function Tile({ name, value, bad, field }: TileProps) {
  return (
    <div class={bad ? "tile tile-bad" : "tile"}>
      <span>{name}</span>
      <b>
        {field === undefined ? (
          value
        ) : (
          <Figure field={field} name={name}>
            {value}
          </Figure>
        )}
      </b>
    </div>
  );
}

/** The way to the page that a node or edge has of its own. */
export function OpenPage({ id }: { id: string }) {
  const { store, t } = useApp();
  return (
    <button type="button" class="quiet-button" onClick={() => openPage(store, id)}>
      <Icon name="pulse" />
      {t("openPage")}
    </button>
  );
}
