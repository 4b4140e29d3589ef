import type { Era, SourceFacts as Known } from "../model/entities";
import { visible } from "../model/text";
import { distinct } from "../model/versions";
import { useApp } from "./context";
import { lazily } from "./lazily";
import { Popover } from "./Popover";

const SourceFacts = lazily(async () => (await import("./SourceFacts")).SourceFacts);

// As people who run them call them; the long names are in the list.
const SHORT: Readonly<Record<Era, string>> = {
  "mixer-0": "Mixer 0.x",
  "mixer-1": "Mixer 1.x",
  wasm: "Wasm",
  native: "native",
  ztunnel: "ztunnel",
  waypoint: "waypoint",
};

/** Which Istio and which Prometheus the numbers come from, and what is odd about them. */
export function SourceInfo() {
  const { store, t } = useApp();
  const facts = store.facts.value;
  const warnings = store.warnings.value;
  const text = [
    istioText(facts) || t("aboutSource"),
    ...(warnings.length > 0 ? [t("warningsCount", { n: warnings.length })] : []),
  ].join(" · ");
  return (
    <div class={warnings.length > 0 ? "about about-warns" : "about"}>
      <Popover
        label={t("aboutSource")}
        text={text}
        icon={warnings.length > 0 ? "warning" : "source"}
      >
        <SourceFacts />
        {!store.viewer.value.isLimited && (
          <button
            type="button"
            class="text-button"
            onClick={() => (store.dialog.value = "diagnosis")}
          >
            {t("diagnose")}
          </button>
        )}
      </Popover>
    </div>
  );
}

/** "Istio 1.24.2, 1.25.0 · native, ztunnel", as far as it is known. */
function istioText(facts: Known | null): string {
  if (facts === null) return "";
  const versions = distinct(facts.istio_versions).map(visible);
  const eras = facts.eras.map(({ era }) => SHORT[era]).join(", ");
  const most = versions.length > 2 ? [...versions.slice(0, 2), "…"] : versions;
  return [most.length > 0 ? `Istio ${most.join(", ")}` : "", eras].filter(Boolean).join(" · ");
}
