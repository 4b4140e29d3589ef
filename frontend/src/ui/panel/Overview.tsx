import { HEALTHS } from "../../model/entities";
import { rate } from "../../model/format";
import { useState } from "preact/hooks";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { EdgeList, Tile } from "./parts";

const MOST = 12;

/** The whole picture in numbers, and where to look first; closed, it only counts. */
export function Overview() {
  const { store, t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const { troubled } = store.summary.value;
  return (
    <aside class="overview" aria-label={t("overview")} data-panel>
      <button
        type="button"
        class="overview-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <i class={`dot dot-${troubled[0]?.health ?? "healthy"}`} />
        {t("needsAttention")}
        <b>{troubled.length}</b>
        <Icon name="down" />
      </button>
      {isOpen && <Details />}
    </aside>
  );
}

function Details() {
  const { store, t } = useApp();
  const { nodes, edges, rps, nodesByHealth, troubled } = store.summary.value;
  const warnings = store.source.value?.warnings ?? [];
  return (
    <div class="overview-body">
      <div class="tiles">
        <Tile name={t("nodes")} value={String(nodes)} />
        <Tile name={t("edges")} value={String(edges)} />
        <Tile name={t("requests")} value={rate(rps)} />
      </div>
      <HealthBar counts={HEALTHS.map((health) => ({ health, count: nodesByHealth[health] }))} />
      {warnings.length > 0 && (
        <ul class="warn-text">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {troubled.length === 0 ? (
        <p class="all-well">{t("allWell")}</p>
      ) : (
        <EdgeList edges={troubled.slice(0, MOST)} end="both" />
      )}
      {troubled.length > MOST && (
        <p class="quiet">{t("rowsLeft", { n: troubled.length - MOST })}</p>
      )}
    </div>
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
