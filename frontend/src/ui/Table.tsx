import { leadsTo } from "../model/drill";
import type { Edge, Node } from "../model/entities";
import { duration, percent, rate, throughput } from "../model/format";
import { nameOf } from "../model/names";
import { worstFirst, worstNodesFirst } from "../model/summary";
import { openNamespace } from "../model/steps";
import type { Store } from "../model/store";
import { elided, visible } from "../model/text";
import { useApp } from "./context";
import { HealthChip } from "./HealthChip";

// Rows cost time at every tick; whoever looks for the 201st searches for it.
const MOST = 200;
// One name must not push the numbers out of the window.
const LONGEST = 60;

/**
 * The picture as two tables. Always in the page for those who cannot see a canvas; shown to
 * everybody on request.
 */
export function Tables({ isOpen }: { isOpen: boolean }) {
  const { store, t } = useApp();
  const found = store.matches.value;
  const { nodes, edges } = store.picture.value;
  const isFound = ({ id }: Node) => found === null || found.nodes.has(id);
  const isListed = ({ id, source, target }: Edge) =>
    found === null ||
    found.edges.has(id) ||
    (found.isOfNodes && (found.nodes.has(source) || found.nodes.has(target)));
  const shownNodes = worstNodesFirst([...nodes.values()].filter(isFound));
  const shownEdges = worstFirst([...edges.values()].filter(isListed));
  return (
    <section class={isOpen ? "tables" : "tables visually-hidden"} aria-label={t("tableHint")}>
      <NodeTable nodes={shownNodes} isOpen={isOpen} />
      <EdgeTable edges={shownEdges} isOpen={isOpen} />
    </section>
  );
}

function NodeTable({ nodes, isOpen }: { nodes: readonly Node[]; isOpen: boolean }) {
  const { store, t } = useApp();
  const name = (id: string) => nameOf(store.mesh.value.nodes, id);
  return (
    <table class="grid">
      <caption>
        {t("nodes")} ({nodes.length})
      </caption>
      <thead>
        <tr>
          <Heads
            heads={[
              [t("name")],
              [t("namespace")],
              [t("kind")],
              [t("health")],
              [t("inbound"), t("rateHint")],
              [t("errors"), t("errorsHint")],
            ]}
          />
        </tr>
      </thead>
      <tbody>
        {nodes.slice(0, MOST).map((node) => (
          <tr key={node.id}>
            <th scope="row">
              <RowButton store={store} kind="node" id={node.id} isOpen={isOpen}>
                {name(node.id)}
              </RowButton>
            </th>
            <td>
              <Elided text={visible(node.namespace ?? "–")} />
            </td>
            <td>
              {t(`kind.${node.kind}`)} <OpenCell node={node} isOpen={isOpen} />
            </td>
            <td>
              <HealthChip health={node.health} />
            </td>
            <td>{rate(node.in.rps)}</td>
            <td>{percent(node.in.error_ratio)}</td>
          </tr>
        ))}
      </tbody>
      <RowsLeft count={nodes.length - MOST} columns={6} />
    </table>
  );
}

/** The way into a namespace without the picture. */
function OpenCell({ node, isOpen }: { node: Node; isOpen: boolean }) {
  const { store, t } = useApp();
  const namespace = leadsTo(node, store.mesh.value);
  if (namespace === null) return null;
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

function EdgeTable({ edges, isOpen }: { edges: readonly Edge[]; isOpen: boolean }) {
  const { store, t } = useApp();
  const { nodes } = store.mesh.value;
  const name = (id: string) => nameOf(nodes, id);
  return (
    <table class="grid edges">
      <caption>
        {t("edges")} ({edges.length})
      </caption>
      <thead>
        <tr>
          <Heads
            heads={[
              [t("source")],
              [t("target")],
              [t("protocol")],
              [t("health")],
              [t("rate"), t("rateHint")],
              [t("errors"), t("errorsHint")],
              ["p95", t("p95Hint")],
              [t("received"), t("receivedHint")],
              [t("sent"), t("sentHint")],
              ["mTLS"],
            ]}
          />
        </tr>
      </thead>
      <tbody>
        {edges.slice(0, MOST).map((edge) => (
          <tr key={edge.id}>
            <th scope="row">
              <RowButton store={store} kind="edge" id={edge.id} isOpen={isOpen}>
                {name(edge.source)}
              </RowButton>
            </th>
            <td>
              <Elided text={name(edge.target)} />
            </td>
            <td>{edge.protocol}</td>
            <td>
              <HealthChip health={edge.health} />
            </td>
            <td>{rate(edge.rps)}</td>
            <td>{percent(edge.error_ratio)}</td>
            <td>{duration(edge.latency_ms.p95)}</td>
            <td>{throughput(edge.received_bps)}</td>
            <td>{throughput(edge.sent_bps)}</td>
            <td>{t(`mtls.${edge.mtls.state}`)}</td>
          </tr>
        ))}
      </tbody>
      <RowsLeft count={edges.length - MOST} columns={10} />
    </table>
  );
}

/** The heads of columns, each with what it means where that could be taken for something else. */
function Heads({ heads }: { heads: readonly (readonly [name: string, meaning?: string])[] }) {
  return (
    <>
      {heads.map(([name, meaning]) => (
        <th key={name} scope="col" title={meaning}>
          {name}
        </th>
      ))}
    </>
  );
}

interface RowButtonProps {
  store: Store;
  kind: "node" | "edge";
  id: string;
  isOpen: boolean;
  children: string;
}

/** Hidden rows are read, but stay out of the Tab order of those who see the picture. */
function RowButton({ store, kind, id, isOpen, children }: RowButtonProps) {
  return (
    <button
      type="button"
      class="link"
      tabIndex={isOpen ? 0 : -1}
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

function RowsLeft({ count, columns }: { count: number; columns: number }) {
  const { t } = useApp();
  if (count <= 0) return null;
  return (
    <tfoot>
      <tr>
        <td colSpan={columns}>{t("rowsLeft", { n: count })}</td>
      </tr>
    </tfoot>
  );
}
