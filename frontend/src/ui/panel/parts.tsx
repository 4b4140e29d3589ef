import type { ComponentChildren } from "preact";
import type { Edge, Health } from "../../model/entities";
import { UNKNOWN, percent, rate, throughput } from "../../model/format";
import { nameOf } from "../../model/names";
import type { Selection } from "../../model/page";
import { visible } from "../../model/text";
import { useApp } from "../context";
import { leaveSelection } from "../focus";
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
  health: Health;
  children: ComponentChildren;
}) {
  const { store, t } = useApp();
  return (
    <aside class="panel" aria-label={kind} data-panel>
      <header class="panel-head">
        <div>
          <p class="eyebrow">
            {kind}
            <HealthChip health={health} />
          </p>
          <h2>{title}</h2>
        </div>
        <IconButton icon="close" label={t("close")} onClick={() => leaveSelection(store)} />
      </header>
      <OriginsOf selection={selection}>
        {children}
        <Promql />
      </OriginsOf>
    </aside>
  );
}

export function HealthChip({ health }: { health: Health }) {
  const { t } = useApp();
  return <span class={`chip chip-${health}`}>{t(`health.${health}`)}</span>;
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

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Name and value pairs; unknown ones are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, string | null])[] }) {
  const known = rows.filter(([, value]) => value !== null && value !== "" && value !== UNKNOWN);
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd>{visible(value ?? "")}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Edges as buttons that lead to them; each names its other end, or both. */
export function EdgeList({
  edges,
  end,
  figure,
}: {
  edges: readonly Edge[];
  end: "source" | "target" | "both";
  /** The one number that the list is about; traffic and errors without it. */
  figure?: (edge: Edge) => string;
}) {
  const { store, t } = useApp();
  if (edges.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <ul class="edge-list">
      {edges.map((edge) => (
        <li key={edge.id}>
          <button
            type="button"
            onClick={() => (store.selection.value = { kind: "edge", id: edge.id })}
          >
            <i class={`dot dot-${edge.health}`} />
            <EdgeName edge={edge} end={end} />
            {figure === undefined ? (
              <TrafficFigures edge={edge} />
            ) : (
              <span class="edge-figure">{figure(edge)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Both ends stand on two lines: however long the names are, the target can be read. */
function EdgeName({ edge, end }: { edge: Edge; end: "source" | "target" | "both" }) {
  const { nodes } = useApp().store.mesh.value;
  const protocol = <span class="protocol">{edge.protocol}</span>;
  if (end !== "both") {
    return (
      <>
        <span class="edge-name">{nameOf(nodes, edge[end])}</span>
        {protocol}
      </>
    );
  }
  return (
    <span class="edge-name edge-ends">
      <small>
        {nameOf(nodes, edge.source)} {protocol}
      </small>{" "}
      <span>→ {nameOf(nodes, edge.target)}</span>
    </span>
  );
}

function TrafficFigures({ edge }: { edge: Edge }) {
  return (
    <>
      <span class="edge-rate">{amount(edge)}</span>
      <span class={edge.error_ratio ? "edge-errors bad" : "edge-errors"}>
        {edge.protocol === "tcp" && !edge.error_ratio ? "" : percent(edge.error_ratio)}
      </span>
    </>
  );
}

/** An edge's traffic in a word: requests, or bytes where there are none. */
export function amount(edge: Edge): string {
  return edge.rps === null ? throughput(edge.received_bps) : rate(edge.rps);
}
