import "../../styles/closer.css";
import type { Edge } from "../../model/entities";
import { duration, percent, rate } from "../../model/format";
import { countStates } from "../../model/security";
import { visible } from "../../model/text";
import { busiestFirst, busiestNodesFirst, totalsOf, waysOfPicture } from "../../model/totals";
import { useApp } from "../context";
import { HealthCounts, StateCounts } from "./counts";
import { EdgeList, NodeList } from "./lists";
import { Tile } from "./parts";
import { ProtocolTables } from "./ProtocolTables";
import { Fold, Section } from "./Section";
import { Spark } from "./Spark";

const FEW = 5;

/** The whole picture in numbers: where to look first, then how much of what there is. */
export function OverviewDetails() {
  const { store, t } = useApp();
  const { nodes, edges, rps, troubled, unencrypted, slowest, attention } = store.summary.value;
  // An edge may be both, and counts once.
  const more = attention - troubled.length;
  const picture = store.picture.value;
  return (
    <div class="overview-body">
      <div class="tiles">
        <Tile name={t("nodes")} value={String(nodes)} />
        <Tile name={t("edges")} value={String(edges)} />
        <Tile name={t("requests")} value={rate(rps)} />
      </div>
      <Warnings />
      <Section title={t("edgesByHealth")}>
        <HealthCounts of={picture.edges.values()} />
      </Section>
      {more > 0 && troubled.length > 0 && (
        <p class="quiet">{t("attentionSum", { n: attention, troubled: troubled.length, more })}</p>
      )}
      {troubled.length === 0 ? (
        <p class="all-well">{t("noErrors")}</p>
      ) : (
        <Listed title={`${t("troubled")} (${troubled.length})`} name="troubled" edges={troubled} />
      )}
      {unencrypted.length > 0 && (
        <Listed
          title={`${t("notEncrypted")} (${unencrypted.length})`}
          name="unencrypted"
          edges={unencrypted}
          figure={({ mtls }) => `${percent(mtls.ratio)} mTLS`}
        />
      )}
      <Spark about={null} of="requests" />
      {slowest.length > 0 && (
        <Listed
          title={t("slowest")}
          name="slowest"
          edges={slowest}
          figure={({ latency_ms }) => `p95 ${duration(latency_ms.p95)}`}
        />
      )}
      <Traffic />
      <Fold title={t("security")} name="security">
        <StateCounts counts={countStates(picture.edges.values())} />
      </Fold>
      <Fold title={t("busiestNodes")} name="busiest-nodes">
        <NodeList nodes={busiestNodesFirst([...picture.nodes.values()])} most={FEW} />
      </Fold>
      <Fold title={t("busiestEdges")} name="talkers">
        <EdgeList edges={busiestFirst([...picture.edges.values()])} end="both" most={FEW} />
      </Fold>
    </div>
  );
}

/** Rates and errors by protocol, across the border of what is drawn and in all. */
function Traffic() {
  const { store, t } = useApp();
  const { into, outOf, within } = waysOfPicture(store.picture.value);
  return (
    <Fold title={t("byProtocol")} name="picture-protocols">
      <ProtocolTables
        rows={[
          { name: t("entering"), totals: totalsOf(into) },
          { name: t("leaving"), totals: totalsOf(outOf) },
          { name: t("total"), totals: totalsOf(within) },
        ]}
      />
      <p class="quiet">{t("enteringHint")}</p>
    </Fold>
  );
}

function Warnings() {
  const { store } = useApp();
  const warnings = store.warnings.value;
  if (warnings.length === 0) return null;
  return (
    <ul class="warn-text">
      {warnings.map((warning) => (
        <li key={warning} lang="en">
          {visible(warning)}
        </li>
      ))}
    </ul>
  );
}

interface ListedProps {
  title: string;
  name: string;
  edges: readonly Edge[];
  figure?: (edge: Edge) => string;
}

function Listed({ title, name, edges, ...rest }: ListedProps) {
  return (
    <Fold title={title} name={name}>
      <EdgeList edges={edges} end="both" {...rest} />
    </Fold>
  );
}
