import "../../styles/closer.css";
import "../../styles/page.css";
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Edge, Node } from "../../model/entities";
import { rangeOf, rangeOver } from "../../model/history";
import { nameOf } from "../../model/names";
import { siblingsOf } from "../../model/siblings";
import { closePage } from "../../model/steps";
import { visible } from "../../model/text";
import type { Span } from "../charts/plot";
import { useApp } from "../context";
import { HealthChip } from "../HealthChip";
import { Icon } from "../Icon";
import { Charts } from "./Charts";
import { Compare } from "./Compare";
import { EdgeFacts, Neighbours } from "./Neighbours";
import { RangePicker } from "./RangePicker";

/** A node's or an edge's own page: who it is, whom it talks to, and its numbers over time. */
export function EntityPage({ id }: { id: string }) {
  const { store, t } = useApp();
  const { nodes, edges } = store.mesh.value;
  const node = nodes.get(id);
  const edge = edges.get(id);
  const cursor = useSignal<number | null>(null);
  const [zoom, setZoom] = useState<Span | null>(null);
  const range = rangeOf(store.looks.value.range);
  const about = { kind: edge === undefined ? "node" : "edge", id } as const;
  const isKnown = node !== undefined || edge !== undefined;
  // Before the first frame it is not known which of the two it is.
  const isReady = isKnown || store.mesh.value.source !== null;
  const charts = {
    about,
    // Looked at closer, values lie closer together.
    range: zoom === null ? range : rangeOver(zoom.to - zoom.from),
    zoom,
    cursor,
    onZoom: (span: Span | null) => {
      cursor.value = null;
      setZoom(span);
    },
  };
  return (
    <article class="page" aria-label={edge === undefined ? nameOf(nodes, id) : t("kind.edge")}>
      <Head id={id} node={node} edge={edge} />
      {!isKnown && isReady && <p class="quiet">{t("pageGone")}</p>}
      {node !== undefined && <Neighbours node={node} />}
      {/* Under the charts nobody would look for it. */}
      {node !== undefined && <Compare node={node} {...charts} />}
      {edge !== undefined && <EdgeFacts edge={edge} />}
      <section class="page-charts">
        <header class="charts-head">
          <h2>{t("charts")}</h2>
          <RangePicker range={range} zoom={zoom} onZoom={charts.onZoom} />
        </header>
        <p class="quiet">{t("chartsHint")}</p>
        {isReady && <Charts {...charts} />}
      </section>
    </article>
  );
}

interface HeadProps {
  id: string;
  node: Node | undefined;
  edge: Edge | undefined;
}

function Head({ id, node, edge }: HeadProps) {
  const { store, t } = useApp();
  const { nodes } = store.mesh.value;
  const title = useRef<HTMLHeadingElement>(null);
  // The reader's place is here now.
  useEffect(() => title.current?.focus(), []);
  return (
    <header class="page-head">
      <button type="button" class="quiet-button" onClick={() => closePage(store)}>
        <Icon name="back" />
        {t("backToGraph")}
      </button>
      <div>
        <p class="eyebrow">
          {edge !== undefined && `${t("kind.edge")}, ${edge.protocol.toUpperCase()}`}
          {node !== undefined && t(`kind.${node.kind}`)}
          {node?.namespace != null && node.kind !== "namespace" && (
            <span>{visible(node.namespace)}</span>
          )}
          {node?.kind !== "outside" && <Health of={edge ?? node} />}
        </p>
        <h1 ref={title} tabIndex={-1}>
          {edge === undefined ? (
            nameOf(nodes, id)
          ) : (
            <>
              {nameOf(nodes, edge.source)} <Icon name="right" /> {nameOf(nodes, edge.target)}
            </>
          )}
        </h1>
        {node !== undefined && <VersionLinks node={node} />}
      </div>
    </header>
  );
}

function Health({ of }: { of: Edge | Node | undefined }) {
  return of === undefined ? null : <HealthChip health={of.health} />;
}

/** The versions that there are; those drawn as nodes of their own lead to their pages. */
function VersionLinks({ node }: { node: Node }) {
  const { store, t } = useApp();
  const siblings = siblingsOf(store.mesh.value, node);
  if (siblings.length < 2) {
    return node.versions.length < 2 ? null : (
      <p class="quiet">
        {t("versions")}: {node.versions.map(visible).join(", ")}
      </p>
    );
  }
  return (
    <nav class="version-links" aria-label={t("versions")}>
      {siblings.map(({ id, version }) => (
        <button
          key={id}
          type="button"
          aria-current={id === node.id ? "page" : undefined}
          onClick={() => (store.looks.value = { ...store.looks.peek(), open: id })}
        >
          {visible(version ?? "")}
        </button>
      ))}
    </nav>
  );
}
