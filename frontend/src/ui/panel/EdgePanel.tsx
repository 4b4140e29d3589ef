import type { Edge, Node } from "../../model/entities";
import { duration, percent, perSecond, throughput } from "../../model/format";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { Promql } from "./Promql";
import { Responses } from "./Responses";
import { SidesTable } from "./SidesTable";
import { Facts, PanelFrame, Section, Tile, amount } from "./parts";

/** Everything about one edge: traffic, outcomes, latency on both sides, security. */
export function EdgePanel({ edge }: { edge: Edge }) {
  const { store, t } = useApp();
  const { nodes } = store.mesh.value;
  return (
    <PanelFrame
      kind={edge.protocol.toUpperCase()}
      health={edge.health}
      title={
        <>
          <End id={edge.source} node={nodes.get(edge.source)} />
          <span class="arrow">
            <Icon name="right" />
          </span>
          <End id={edge.target} node={nodes.get(edge.target)} />
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
            <Responses edge={edge} />
          </Section>
        </>
      )}
      <Section title={t("throughput")}>
        <Facts
          rows={[
            [t("received"), throughput(edge.received_bps)],
            [t("sent"), throughput(edge.sent_bps)],
            [t("messagesReceived"), perSecond(edge.received_mps)],
            [t("messagesSent"), perSecond(edge.sent_mps)],
            [t("connections"), perSecond(edge.connections_per_s)],
          ]}
        />
      </Section>
      <Security edge={edge} />
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

function End({ id, node }: { id: string; node: Node | undefined }) {
  const { store } = useApp();
  return (
    <button
      type="button"
      class="link"
      onClick={() => (store.selection.value = { kind: "node", id })}
    >
      {node?.name ?? id}
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

function Security({ edge }: { edge: Edge }) {
  const { t } = useApp();
  const { state, ratio } = edge.mtls;
  return (
    <Section title={t("security")}>
      <p class={`mtls mtls-${state}`}>
        {state !== "unknown" && <Icon name={state === "mtls" ? "lock" : "unlock"} />}
        <b>{t(`mtls.${state}`)}</b>
        {state === "mixed" && <span>{percent(ratio)}</span>}
      </p>
      <Principals title={t("sourcePrincipals")} names={edge.principals.source} />
      <Principals title={t("targetPrincipals")} names={edge.principals.destination} />
    </Section>
  );
}

function Principals({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div class="principals">
      <h4>{title}</h4>
      <Lines lines={names} />
    </div>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
