import type { Edge } from "../../model/entities";
import { duration, percent, perSecond, throughput } from "../../model/format";
import { nameOf } from "../../model/names";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { Promql } from "./Promql";
import { Responses } from "./Responses";
import { Lines, Security } from "./Security";
import { SidesTable } from "./SidesTable";
import { Facts, PanelFrame, Section, Tile, amount } from "./parts";

/** Everything about one edge: traffic, outcomes, latency on both sides, security. */
export function EdgePanel({ edge }: { edge: Edge }) {
  const { t } = useApp();
  return (
    <PanelFrame
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
      <EdgeTiles edge={edge} />
      {edge.protocol !== "tcp" && (
        <>
          <Section title={t("bothSides")}>
            <SidesTable edge={edge} />
          </Section>
          <Section title={t("responses")}>
            <Responses
              responses={edge.responses.map((each) => ({ ...each, protocol: edge.protocol }))}
              total={edge.rps}
            />
          </Section>
          <Section title={t("throughput")}>
            <Facts
              rows={[
                [t("received"), throughput(edge.received_bps)],
                [t("sent"), throughput(edge.sent_bps)],
                [t("messagesReceived"), perSecond(edge.received_mps)],
                [t("messagesSent"), perSecond(edge.sent_mps)],
              ]}
            />
          </Section>
        </>
      )}
      <Security
        mtls={edge.mtls}
        principals={[
          [t("sourcePrincipals"), edge.principals.source],
          [t("targetPrincipals"), edge.principals.destination],
        ]}
      />
      <Section title={t("hosts")}>
        {edge.hosts.length === 0 ? <p class="quiet">{t("none")}</p> : <Lines lines={edge.hosts} />}
      </Section>
      <p class="quiet reporter">
        {t("reporter")}: {t(`reporter.${edge.reporter}`)}
      </p>
      <Promql selection={{ kind: "edge", id: edge.id }} />
    </PanelFrame>
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
        <Tile name={t("received")} value={throughput(edge.received_bps)} />
        <Tile name={t("sent")} value={throughput(edge.sent_bps)} />
        <Tile name={t("connections")} value={perSecond(edge.connections_per_s)} />
      </div>
    );
  }
  return (
    <div class="tiles">
      <Tile name={t("rate")} value={amount(edge)} />
      <Tile
        name={t("errors")}
        value={percent(edge.error_ratio)}
        bad={(edge.error_ratio ?? 0) > 0}
      />
      <Tile name="p95" value={duration(edge.latency_ms.p95)} />
    </div>
  );
}
