import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { leadsTo } from "../model/drill";
import { type Edge, HEALTHS, type Node } from "../model/entities";
import { UNKNOWN, duration, percent, rate, throughput } from "../model/format";
import type { Mesh } from "../model/mesh";
import { nameIn, namesOf } from "../model/names";
import { openNamespace } from "../model/steps";
import { worstFirst, worstNodesFirst } from "../model/summary";
import { elided, visible } from "../model/text";
import { type Translate, useApp } from "./context";
import { HealthChip } from "./HealthChip";
import { useAtRest } from "./rest";
import { type Column, Grid, type RowButton } from "./table/Grid";

// One name must not push the numbers out of the window.
const LONGEST = 60;

/**
 * The picture as two tables. Always in the page for those who cannot see a canvas; shown to
 * everybody on request.
 */
export function Tables({ isOpen }: { isOpen: boolean }) {
  const { store, t } = useApp();
  const seen = useAtRest(
    () => ({ mesh: store.mesh.value, picture: store.picture.value, found: store.matches.value }),
    isOpen,
  );
  const { found } = seen;
  const { nodes, edges } = seen.picture;
  const columns = useColumns(seen.mesh, isOpen);
  const isFound = ({ id }: Node) => found === null || found.nodes.has(id);
  const isListed = ({ id, source, target }: Edge) =>
    found === null ||
    found.edges.has(id) ||
    (found.isOfNodes && (found.nodes.has(source) || found.nodes.has(target)));
  return (
    <section class={isOpen ? "tables" : "tables visually-hidden"} aria-label={t("tableHint")}>
      <Grid
        caption={t("nodes")}
        columns={columns.nodes}
        rows={worstNodesFirst([...nodes.values()].filter(isFound))}
        isOpen={isOpen}
      />
      <Grid
        class="edges"
        caption={t("edges")}
        columns={columns.edges}
        rows={worstFirst([...edges.values()].filter(isListed))}
        isOpen={isOpen}
      />
    </section>
  );
}

/** The columns of both tables: the same arrays until a row would be written otherwise. */
function useColumns(mesh: Mesh, isOpen: boolean) {
  const { store, t } = useApp();
  const names = namesOf(mesh.nodes);
  const { scope, graphType, overview } = mesh;
  return useMemo(() => {
    const name = (id: string) => nameIn(names, id);
    const way = (node: Node) => {
      const namespace = leadsTo(node, { scope, graphType, overview });
      return namespace === null ? null : <OpenCell namespace={namespace} isOpen={isOpen} />;
    };
    return { nodes: nodeColumns(t, name, way), edges: edgeColumns(t, name) };
  }, [names, scope, graphType, overview, isOpen, store.locale.value]);
}

type NameOf = (id: string) => string;
type Way = (node: Node) => ComponentChildren;

function nodeColumns(t: Translate, name: NameOf, way: Way): Column<Node>[] {
  return [
    {
      head: t("name"),
      cell: ({ id }, button) => (
        <RowLink kind="node" id={id} button={button}>
          {name(id)}
        </RowLink>
      ),
      by: ({ id }) => name(id),
    },
    {
      head: t("namespace"),
      cell: ({ namespace }) => <Elided text={visible(namespace ?? UNKNOWN)} />,
      by: ({ namespace }) => namespace,
    },
    {
      head: t("kind"),
      cell: (node) => (
        <>
          {t(`kind.${node.kind}`)} {way(node)}
        </>
      ),
      by: ({ kind }) => t(`kind.${kind}`),
    },
    {
      head: t("health"),
      cell: ({ health }) => <HealthChip health={health} />,
      by: ({ health }) => -HEALTHS.indexOf(health),
    },
    {
      head: t("inbound"),
      hint: t("rateHint"),
      cell: (node) => rate(node.in.rps),
      by: (node) => node.in.rps,
    },
    {
      head: t("errors"),
      hint: t("errorsHint"),
      cell: (node) => percent(node.in.error_ratio),
      by: (node) => node.in.error_ratio,
    },
    ...lastColumns<Node>(t),
  ];
}

function edgeColumns(t: Translate, name: NameOf): Column<Edge>[] {
  const [p95, mtls] = lastColumns<Edge>(t);
  return [
    {
      head: t("source"),
      cell: ({ id, source }, button) => (
        <RowLink kind="edge" id={id} button={button}>
          {name(source)}
        </RowLink>
      ),
      by: ({ source }) => name(source),
    },
    {
      head: t("target"),
      cell: ({ target }) => <Elided text={name(target)} />,
      by: ({ target }) => name(target),
    },
    { head: t("protocol"), cell: ({ protocol }) => protocol, by: ({ protocol }) => protocol },
    {
      head: t("health"),
      cell: ({ health }) => <HealthChip health={health} />,
      by: ({ health }) => -HEALTHS.indexOf(health),
    },
    { head: t("rate"), hint: t("rateHint"), cell: ({ rps }) => rate(rps), by: ({ rps }) => rps },
    {
      head: t("errors"),
      hint: t("errorsHint"),
      cell: ({ error_ratio }) => percent(error_ratio),
      by: ({ error_ratio }) => error_ratio,
    },
    p95,
    {
      head: t("received"),
      hint: t("receivedHint"),
      cell: ({ received_bps }) => throughput(received_bps),
      by: ({ received_bps }) => received_bps,
    },
    {
      head: t("sent"),
      hint: t("sentHint"),
      cell: ({ sent_bps }) => throughput(sent_bps),
      by: ({ sent_bps }) => sent_bps,
    },
    mtls,
  ];
}

/** What nodes and edges both have. */
function lastColumns<Row extends Pick<Edge, "latency_ms" | "mtls">>(
  t: Translate,
): [Column<Row>, Column<Row>] {
  return [
    {
      head: "p95",
      hint: t("p95Hint"),
      cell: ({ latency_ms }) => duration(latency_ms.p95),
      by: ({ latency_ms }) => latency_ms.p95,
    },
    {
      head: "mTLS",
      cell: ({ mtls }) => mtlsText(mtls, t),
      by: ({ mtls }) => mtls.ratio,
    },
  ];
}

function mtlsText({ state, ratio }: Edge["mtls"], t: Translate): string {
  const text = t(`mtls.${state}`);
  return state === "mixed" && ratio !== null ? `${text} (${percent(ratio)})` : text;
}

/** The way into a namespace without the picture. */
function OpenCell({ namespace, isOpen }: { namespace: string; isOpen: boolean }) {
  const { store, t } = useApp();
  return (
    <button
      type="button"
      class="text-button"
      tabIndex={isOpen ? 0 : -1}
      aria-label={t("openNamespace", { name: visible(namespace) })}
      onClick={() => openNamespace(store, namespace)}
    >
      {t("open")}
    </button>
  );
}

interface RowLinkProps {
  kind: "node" | "edge";
  id: string;
  button: RowButton;
  children: string;
}

function RowLink({ kind, id, button, children }: RowLinkProps) {
  const { store } = useApp();
  return (
    <button
      type="button"
      class="link"
      {...button}
      onClick={() => (store.selection.value = { kind, id })}
    >
      <Elided text={children} />
    </button>
  );
}

/** Start and end of a long text; the whole of it under the pointer and in the panel. */
function Elided({ text }: { text: string }) {
  const short = elided(text, LONGEST);
  return short === text ? <>{text}</> : <span title={text}>{short}</span>;
}
