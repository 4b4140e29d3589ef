import { age, duration, percent } from "../model/format";
import { isFresh } from "../model/notice";
import { useApp } from "./context";
import { Popover } from "./Popover";

/** A stretch of the interval that is worth a word; less is how ticks end. */
const NOTED = 1.1;

/** That the numbers come less often than promised, why, and what to do about it. */
export function Cadence() {
  const { store, t } = useApp();
  const source = store.source.value;
  if (source === null || !isFresh(store.mesh.value)) return null;
  const { cadence_s: every, interval_s: wanted } = source;
  if (every === null || every <= wanted * NOTED) return null;
  const times = { every: age(every), wanted: age(wanted) };
  // Where both read the same there is nothing to say.
  if (times.every === times.wanted) return null;
  return (
    <div class="about cadence">
      <Popover label={t("cadenceLabel")} text={t("cadence", times)} icon="clock">
        <Reasons {...times} />
      </Popover>
    </div>
  );
}

function Reasons({ every, wanted }: { every: string; wanted: string }) {
  const { store, t } = useApp();
  const source = store.source.value;
  const budget = store.queryBudget.value;
  const took = duration(source?.query_ms);
  const slow = source?.slow_cadence_s ?? null;
  return (
    <>
      <p>
        {budget === null
          ? t("cadenceWhyShort", { took, every, wanted })
          : t("cadenceWhy", { took, every, wanted, share: percent(budget) })}
      </p>
      {slow !== null && (
        <p>{t("cadenceSlow", { every: age(slow), age: age(store.slowAgeS.value) })}</p>
      )}
      <section class="section">
        <h3>{t("whatToDo")}</h3>
        <ul class="warning-list">
          {(["cadenceRules", "cadenceInterval", "cadenceBudget"] as const).map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </section>
    </>
  );
}
