import type { Edge } from "../../model/entities";
import { duration, percent, perSecond, throughput } from "../../model/format";
import { nameOf } from "../../model/names";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { Difference } from "./Difference";
import { Responses } from "./Responses";
import { Lines, Security } from "./Security";
import { SidesTable } from "./SidesTable";
import { amount } from "./lists";
import { OpenPage, PanelFrame, Tile } from "./parts";
import { DistributionFold } from "./Distribution";
import { Fold } from "./Section";
import { Spark } from "./Spark";
import { Traced } from "./Traced";

/** Everything about one edge: traffic, outcomes, latency on both sides, security. */
export function EdgePanel({ edge }: { edge: Edge }) {
  const { t } = useApp();
  const about = { kind: "edge", id: edge.id } as const;
  // Where nothing else is wrong, what is not encrypted is what one should see first.
  const isExposed = edge.mtls.state === "plaintext" || edge.mtls.state === "mixed";
  const isFirst = isExposed && edge.health !== "failing" && edge.health !== "degraded";
  const security = (
    <Security
      mtls={edge.mtls}
      edges={[edge]}
      principals={[
        [t("sourcePrincipals"), edge.principals.source],
        [t("targetPrincipals"), edge.principals.destination],
      ]}
    />
  );
  return (
    <PanelFrame
      selection={about}
      kind={edge.protocol.toUpperCase()}
      health={edge.health}
      title={
        <>
          <End id={edge.source} />
          <span class="arrow">
            <Icon name="right" />
          </span>
          <End id={edge.target} />
        </>
      }
    >
      <Traced>
        <EdgeTiles edge={edge} />
      </Traced>
      <div class="buttons">
        <OpenPage id={edge.id} />
      </div>
      {isFirst && security}
      <Spark about={about} of={edge.rps === null ? "bytes" : "requests"} />
      <Fold title={t("bothSides")} name="sides">
        <Traced>
          <SidesTable edge={edge} />
        </Traced>
      </Fold>
      {edge.protocol !== "tcp" && <DistributionFold about={about} />}
      {edge.protocol !== "tcp" && (
        <Fold title={t("difference")} name="difference">
          <Traced>
            <Difference edge={edge} />
          </Traced>
        </Fold>
      )}
      <Outcomes edge={edge} />
      {!isFirst && security}
      <Fold title={t("hosts")} name="hosts">
        {edge.hosts.length === 0 ? <p class="quiet">{t("none")}</p> : <Lines lines={edge.hosts} />}
      </Fold>
      <p class="quiet reporter">
        {t("reporter")}: {t(`reporter.${edge.reporter}`)}
      </p>
    </PanelFrame>
  );
}

function Outcomes({ edge }: { edge: Edge }) {
  const { t } = useApp();
  const isTcp = edge.protocol === "tcp";
  const responses = edge.responses.map((each) => ({ ...each, protocol: edge.protocol }));
  return (
    <Fold title={t(isTcp ? "connectionOutcomes" : "responses")} name="responses">
      <Traced>
        <Responses responses={responses} requests={edge.rps} />
      </Traced>
    </Fold>
  );
}

function End({ id }: { id: string }) {
  const { store } = useApp();
  return (
    <button
      type="button"
      class="link"
      onClick={() => (store.selection.value = { kind: "node", id })}
    >
      {nameOf(store.mesh.value.nodes, id)}
    </button>
  );
}

function EdgeTiles({ edge }: { edge: Edge }) {
  const { t } = useApp();
  if (edge.protocol === "tcp") {
    return (
      <div class="tiles">
        <Tile name={t("received")} value={throughput(edge.received_bps)} field="received_bps" />
        <Tile name={t("sent")} value={throughput(edge.sent_bps)} field="sent_bps" />
        <Tile
          name={t("connections")}
          value={perSecond(edge.connections_per_s)}
          field="connections_per_s"
        />
        {(edge.error_ratio ?? 0) > 0 && (
          <Tile name={t("errors")} value={percent(edge.error_ratio)} bad field="error_ratio" />
        )}
      </div>
    );
  }
  return (
    <div class="tiles">
      <Tile name={t("rate")} value={amount(edge)} field="rps" />
      <Tile
        name={t("errors")}
        value={percent(edge.error_ratio)}
        bad={(edge.error_ratio ?? 0) > 0}
        field="error_ratio"
      />
      <Tile name="p95" value={duration(edge.latency_ms.p95)} field="latency_ms.p95" />
    </div>
  );
}
