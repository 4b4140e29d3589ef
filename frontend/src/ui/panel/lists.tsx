import { useState } from "preact/hooks";
import type { Edge, Node } from "../../model/entities";
import { percent, rate, throughput } from "../../model/format";
import { nameOf } from "../../model/names";
import { useApp } from "../context";
import { useStill } from "../still";

const MOST = 12;

interface EdgeListProps {
  edges: readonly Edge[];
  end: "source" | "target" | "both";
  /** The one number that the list is about; traffic and errors without it. */
  figure?: (edge: Edge) => string;
  most?: number;
}

/** Edges as buttons that lead to them; each names its other end, or both. */
export function EdgeList({ edges, end, figure, most = MOST }: EdgeListProps) {
  const { store, t } = useApp();
  const { list, still } = useStill(edges);
  const { shown, more } = useMost(still, most);
  if (edges.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <>
      <ul ref={list} class="edge-list">
        {shown.map((edge) => (
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
      {more}
    </>
  );
}

/** Nodes as buttons that lead to them, with what they answer. */
export function NodeList({ nodes, most = MOST }: { nodes: readonly Node[]; most?: number }) {
  const { store, t } = useApp();
  const { list, still } = useStill(nodes);
  const { shown, more } = useMost(still, most);
  if (nodes.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <>
      <ul ref={list} class="edge-list node-list">
        {shown.map((node) => (
          <li key={node.id}>
            <button
              type="button"
              onClick={() => (store.selection.value = { kind: "node", id: node.id })}
            >
              <i class={`dot dot-${node.health}`} />
              <span class="edge-name">{nameOf(store.mesh.value.nodes, node.id)}</span>
              <span />
              <span class="edge-rate">{rate(node.in.rps)}</span>
              <Errors ratio={node.in.error_ratio} />
            </button>
          </li>
        ))}
      </ul>
      {more}
    </>
  );
}

/** The first of a list, and a button for the rest: a hub has hundreds of callers. */
function useMost<T>(all: readonly T[], most: number) {
  const { t } = useApp();
  const [isWhole, setWhole] = useState(false);
  const left = all.length - most;
  return {
    shown: isWhole ? all : all.slice(0, most),
    more: left > 0 && !isWhole && (
      <button type="button" class="text-button" onClick={() => setWhole(true)}>
        {t("showMore", { n: left })}
      </button>
    ),
  };
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
      <Errors ratio={edge.protocol === "tcp" && !edge.error_ratio ? null : edge.error_ratio} />
    </>
  );
}

function Errors({ ratio }: { ratio: number | null }) {
  return (
    <span class={ratio ? "edge-errors bad" : "edge-errors"}>
      {ratio === null ? "" : percent(ratio)}
    </span>
  );
}

/** An edge's traffic in a word: requests, or bytes where there are none. */
export function amount(edge: Edge): string {
  return edge.rps === null ? throughput(edge.received_bps) : rate(edge.rps);
}
