import { HEALTHS } from "../../model/entities";
import { rate } from "../../model/format";
import { useApp } from "../context";
import { EdgeList, Section, Tile } from "./parts";

const MOST = 12;

/** The whole picture in numbers, and where to look first. */
export function Overview() {
  const { store, t } = useApp();
  const { nodes, edges, rps, nodesByHealth, troubled } = store.summary.value;
  return (
    <aside class="panel panel-overview" aria-label={t("overview")} data-panel>
      <header class="panel-head">
        <div>
          <p class="eyebrow">{t("title")}</p>
          <h2>{t("overview")}</h2>
        </div>
      </header>
      <div class="tiles">
        <Tile name={t("nodes")} value={String(nodes)} />
        <Tile name={t("edges")} value={String(edges)} />
        <Tile name={t("requests")} value={rate(rps)} />
      </div>
      <HealthBar counts={HEALTHS.map((health) => ({ health, count: nodesByHealth[health] }))} />
      <Section title={`${t("needsAttention")} (${troubled.length})`}>
        {troubled.length === 0 ? (
          <p class="all-well">{t("allWell")}</p>
        ) : (
          <EdgeList edges={troubled.slice(0, MOST)} end="both" />
        )}
        {troubled.length > MOST && (
          <p class="quiet">{t("rowsLeft", { n: troubled.length - MOST })}</p>
        )}
      </Section>
    </aside>
  );
}

function HealthBar({
  counts,
}: {
  counts: readonly { health: (typeof HEALTHS)[number]; count: number }[];
}) {
  const { t } = useApp();
  const present = counts.filter(({ count }) => count > 0);
  return (
    <ul class="health-counts">
      {present.map(({ health, count }) => (
        <li key={health}>
          <i class={`dot dot-${health}`} />
          {t(`health.${health}`)}
          <b>{count}</b>
        </li>
      ))}
    </ul>
  );
}
