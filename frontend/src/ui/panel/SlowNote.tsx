import { age } from "../../model/format";
import { useApp } from "../context";

// Quantiles are asked less often than rates; worth a word only when one could notice.
const BEHIND_S = 10;

/** How old quantiles and bytes are, and how often they come, where that is not as for the rest. */
export function SlowNote() {
  const { store, t } = useApp();
  const ageS = store.ageS.value;
  const slowAgeS = store.slowAgeS.value;
  const { cadence_s = null, slow_cadence_s = null } = store.source.value ?? {};
  const isBehind = ageS !== null && slowAgeS !== null && slowAgeS > ageS + BEHIND_S;
  const isRarer = slow_cadence_s !== null && slow_cadence_s > (cadence_s ?? 0) + BEHIND_S;
  if (slowAgeS === null || (!isBehind && !isRarer)) return null;
  return (
    <p class="quiet slow-note">
      {isRarer
        ? t("slowCadence", { age: age(slowAgeS), every: age(slow_cadence_s) })
        : t("slowAge", { age: age(slowAgeS) })}
    </p>
  );
}
