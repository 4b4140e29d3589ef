import { HEALTHS, type Health, type MtlsState } from "../../model/entities";
import { useApp } from "../context";
import { Icon } from "../Icon";

/** How many nodes or edges there are of each health. */
export function HealthCounts({ of }: { of: Iterable<{ readonly health: Health }> }) {
  const { t } = useApp();
  const counts = new Map<Health, number>();
  for (const { health } of of) counts.set(health, (counts.get(health) ?? 0) + 1);
  const present = HEALTHS.filter((health) => counts.has(health));
  if (present.length === 0) return null;
  return (
    <ul class="health-counts">
      {present.map((health) => (
        <li key={health}>
          <i class={`dot dot-${health}`} />
          {t(`health.${health}`)}
          <b>{counts.get(health)}</b>
        </li>
      ))}
    </ul>
  );
}

const STATES = ["plaintext", "mixed", "mtls", "unknown"] as const satisfies readonly MtlsState[];

/** How many edges are encrypted, and how well. */
export function StateCounts({ counts }: { counts: Readonly<Record<MtlsState, number>> }) {
  const { t } = useApp();
  const present = STATES.filter((state) => counts[state] > 0);
  if (present.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <ul class="health-counts">
      {present.map((state) => (
        <li key={state} class={`mtls mtls-${state}`}>
          {state !== "unknown" && <Icon name={state === "mtls" ? "lock" : "unlock"} />}
          {t(`mtls.${state}`)}
          <b>{counts[state]}</b>
        </li>
      ))}
    </ul>
  );
}
