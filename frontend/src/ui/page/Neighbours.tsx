import type { Edge, Node } from "../../model/entities";
import { duration, percent, throughput } from "../../model/format";
import { nameOf } from "../../model/names";
import { edgesAt } from "../../model/summary";
import { busiestFirst } from "../../model/totals";
import { elided } from "../../model/text";
import { type Translate, useApp } from "../context";
import { Icon } from "../Icon";
import { useStill } from "../still";
import { Tile } from "./Tile";
import { amount } from "../panel/lists";

// More lines than these cannot be told apart; the panel lists all.
const MOST = 8;
const ROW = 46;
const WIDTH = 240;
const LONGEST = 30;

/** Who calls a node and whom it calls, each line with its numbers and a way to the other's page. */
export function Neighbours({ node }: { node: Node }) {
  const { store, t } = useApp();
  const { inbound, outbound } = edgesAt(store.mesh.value, node.id);
  // Who else calls those who are outside, and whom they call, is not told.
  const isOutside = node.kind === "outside";
  return (
    <section class="neighbours" aria-label={t("neighbours")}>
      <Side
        edges={inbound}
        end="source"
        title={t("callers")}
        none={isOutside ? null : t("nobodyCalls")}
      />
      <div class={`self self-${node.health}`}>
        <b>{nameOf(store.mesh.value.nodes, node.id)}</b>
      </div>
      <Side
        edges={outbound}
        end="target"
        title={t("calls")}
        none={isOutside ? null : t("callsNobody")}
      />
    </section>
  );
}

interface SideProps {
  edges: readonly Edge[];
  /** The end of each edge at which the neighbour is. */
  end: "source" | "target";
  title: string;
  /** What to say where there is nobody; null where that is not known. */
  none: string | null;
}

function Side({ edges, end, title, none }: SideProps) {
  const { store, t } = useApp();
  const { list, still } = useStill(busiestFirst(edges));
  const shown = still.slice(0, MOST);
  const left = edges.length - shown.length;
  const isUntold = none === null && edges.length === 0;
  return (
    <div class={`side side-${end}`}>
      <h2>{isUntold ? title : `${title} (${edges.length})`}</h2>
      {shown.length === 0 && <p class="quiet">{none ?? t("notTold")}</p>}
      <div class="side-rows">
        <ul ref={list}>
          {shown.map((edge) => (
            <li key={edge.id}>
              <button
                type="button"
                onClick={() => (store.looks.value = { ...store.looks.peek(), open: edge[end] })}
              >
                <i class={`dot dot-${edge.health}`} />
                {elided(nameOf(store.mesh.value.nodes, edge[end]), LONGEST)}
                <span class="side-numbers">: {numbers(edge, t)}</span>
              </button>
            </li>
          ))}
        </ul>
        <Lines edges={shown} end={end} />
      </div>
      {left > 0 && <p class="quiet">{t("rowsLeft", { n: left })}</p>}
    </div>
  );
}

/** The lines, drawn from each neighbour's row to the node in the middle. */
function Lines({ edges, end }: Pick<SideProps, "edges" | "end">) {
  const { t } = useApp();
  const height = edges.length * ROW;
  if (height === 0) return null;
  const isIn = end === "source";
  const middle = height / 2;
  return (
    <svg
      class="side-lines"
      width={WIDTH}
      height={height}
      viewBox={`0 0 ${WIDTH} ${height}`}
      aria-hidden="true"
    >
      {edges.map((edge, i) => {
        const y = (i + 0.5) * ROW;
        const [from, to] = isIn ? [0, WIDTH] : [WIDTH, 0];
        const bend = isIn ? WIDTH - 60 : 60;
        return (
          <g key={edge.id} class={`call call-${edge.health}`}>
            <path
              d={`M${from} ${y}H${bend}C${isIn ? WIDTH - 25 : 25} ${y} ${bend} ${middle} ${to} ${middle}`}
            />
            <text x={isIn ? 6 : WIDTH - 6} y={y - 5} text-anchor={isIn ? "start" : "end"}>
              {numbers(edge, t)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** An edge's traffic, errors and p95, as far as there are any. */
function numbers(edge: Edge, t: Translate): string {
  const { error_ratio: errors, latency_ms } = edge;
  return [
    amount(edge),
    (errors ?? 0) > 0 ? `${percent(errors)} ${t("errors")}` : null,
    latency_ms.p95 === null ? null : `p95 ${duration(latency_ms.p95)}`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** An edge's numbers now, and the ways to its ends. */
export function EdgeFacts({ edge }: { edge: Edge }) {
  const { store, t } = useApp();
  const { nodes } = store.mesh.value;
  const end = (id: string) => (
    <button
      type="button"
      class="quiet-button"
      onClick={() => (store.looks.value = { ...store.looks.peek(), open: id })}
    >
      {nameOf(nodes, id)}
    </button>
  );
  return (
    <section class="edge-facts" aria-label={t("neighbours")}>
      {end(edge.source)}
      <Icon name="right" />
      {end(edge.target)}
      <div class="tiles">
        <Tile name={t("rate")} value={amount(edge)} />
        <Tile name={t("errors")} value={percent(edge.error_ratio)} bad={!!edge.error_ratio} />
        {edge.protocol === "tcp" ? (
          <Tile name={t("sent")} value={throughput(edge.sent_bps)} />
        ) : (
          <Tile name="p95" value={duration(edge.latency_ms.p95)} />
        )}
      </div>
    </section>
  );
}
