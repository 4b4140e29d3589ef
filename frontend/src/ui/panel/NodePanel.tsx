import { leadsTo } from "../../model/drill";
import type { Edge, Latency, Node } from "../../model/entities";
import { duration } from "../../model/format";
import { nameOf } from "../../model/names";
import { openNamespace } from "../../model/steps";
import { edgesAt } from "../../model/summary";
import { elided, visible } from "../../model/text";
import { CollapseButton } from "../CollapseButton";
import { totalsOf } from "../../model/totals";
import { useApp } from "../context";
import { FocusButton } from "../find/FocusButton";
import { Icon } from "../Icon";
import { OutsidePanel } from "./OutsidePanel";
import { RateTiles } from "./RateTiles";
import { Responses } from "./Responses";
import { Security } from "./Security";
import { DistributionFold } from "./Distribution";
import { EdgeList } from "./lists";
import { Facts } from "./Facts";
import { OpenPage, PanelFrame } from "./parts";
import { ProtocolTables } from "./ProtocolTables";
import { Fold } from "./Section";
import { SlowNote } from "./SlowNote";
import { Spark } from "./Spark";
import { Versions } from "./Versions";
import { Figure, Traced } from "./Traced";

/** A longer name is written by its start and end; the panel has the whole of it. */
const LONGEST = 32;

/** Everything about one node: who it is, its traffic in and out, and with whom. */
export function NodePanel({ node }: { node: Node }) {
  return node.kind === "outside" ? <OutsidePanel node={node} /> : <KnownNode node={node} />;
}

function KnownNode({ node }: { node: Node }) {
  const { store, t } = useApp();
  const { inbound, outbound } = edgesAt(store.mesh.value, node.id);
  return (
    <PanelFrame
      selection={{ kind: "node", id: node.id }}
      kind={t(`kind.${node.kind}`)}
      title={nameOf(store.mesh.value.nodes, node.id)}
      health={node.health}
    >
      <div class="buttons">
        <OpenButton node={node} />
        <Collapse node={node} />
        <OpenPage id={node.id} />
        <FocusButton id={node.id} />
      </div>
      {node.outside && <p class="quiet">{t("outside")}</p>}
      <Identity node={node} />
      <Spark about={{ kind: "node", id: node.id }} of={hasRequests(node) ? "requests" : "bytes"} />
      <Fold title={t("inbound")} name="inbound">
        <RateTiles rates={node.in} part="in" />
      </Fold>
      <Versions node={node} />
      {inbound.length > 0 && <Answers node={node} callers={inbound} />}
      <Fold title={t("outbound")} name="outbound">
        <RateTiles rates={node.out} part="out" />
      </Fold>
      <Fold title={t("byProtocol")} name="protocols" isOpen={false}>
        <ProtocolTables
          rows={[
            { name: t("inbound"), totals: totalsOf(inbound) },
            { name: t("outbound"), totals: totalsOf(outbound) },
          ]}
        />
      </Fold>
      <Fold title={`${t("callers")} (${inbound.length})`} name="callers">
        <EdgeList edges={inbound} end="source" />
      </Fold>
      <Fold title={`${t("calls")} (${outbound.length})`} name="calls">
        <EdgeList edges={outbound} end="target" />
      </Fold>
    </PanelFrame>
  );
}

/** Who the node is; its namespace leads to what is known of that. */
function Identity({ node }: { node: Node }) {
  const { store, t } = useApp();
  const { namespace } = node;
  const unlessName = (text: string | null) => (text === node.name ? null : text);
  return (
    <Facts
      rows={[
        [
          t("namespace"),
          namespace,
          () => (store.selection.value = { kind: "namespace", id: namespace ?? "" }),
        ],
        [t("app"), unlessName(node.app)],
        [t("workload"), unlessName(node.workload)],
        [t("service"), unlessName(node.service)],
        [t("versions"), node.versions.join(", ") || node.version],
        [t("cluster"), node.cluster],
      ]}
    />
  );
}

function hasRequests({ in: { rps }, out }: Node): boolean {
  return rps !== null || out.rps !== null;
}

/** The way into a namespace, be it one that is drawn or a neighbour's. */
function OpenButton({ node }: { node: Node }) {
  const { store, t } = useApp();
  const namespace = leadsTo(node, store.mesh.value);
  if (namespace === null) return null;
  return (
    <button
      type="button"
      class="button"
      title={t("openNamespaceHint")}
      onClick={() => openNamespace(store, namespace)}
    >
      <Icon name="enter" />
      {t("openNamespace", { name: elided(visible(namespace), LONGEST) })}
    </button>
  );
}

/** A collapsed namespace back to what is inside; any other node's namespace to one node. */
function Collapse({ node }: { node: Node }) {
  const { store } = useApp();
  const { namespace } = node;
  if (namespace === null || store.mesh.value.namespaces.length < 2) return null;
  return <CollapseButton namespace={namespace} isWide />;
}

/** How the node answers its callers. */
function Answers({ node, callers }: { node: Node; callers: readonly Edge[] }) {
  const { t } = useApp();
  return (
    <>
      {node.in.rps !== null && (
        <Fold title={t("latency")} name="latency">
          <Traced>
            <LatencyTable latency={node.latency_ms} />
          </Traced>
          <SlowNote />
        </Fold>
      )}
      {(node.in.rps !== null || node.responses.length > 0) && (
        <Fold title={t("responses")} name="responses">
          <Traced>
            <Responses responses={node.responses} requests={node.in.rps} />
          </Traced>
        </Fold>
      )}
      {node.in.rps !== null && <DistributionFold about={{ kind: "node", id: node.id }} />}
      <Security
        mtls={node.mtls}
        principals={[[t("identities"), node.principals]]}
        edges={callers}
      />
    </>
  );
}

const QUANTILES = ["p50", "p90", "p95", "p99"] as const;

function LatencyTable({ latency }: { latency: Latency }) {
  const { t } = useApp();
  return (
    <table class="grid latency">
      <thead>
        <tr>
          {[t("average"), ...QUANTILES].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {(["avg", ...QUANTILES] as const).map((name) => (
            <td key={name}>
              <Figure field={`latency_ms.${name}`} name={name === "avg" ? t("average") : name}>
                {duration(latency[name])}
              </Figure>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
