import { sourceName } from "../model/diagnosis";
import type { Era, SourceFacts } from "../model/entities";
import { age, digits } from "../model/format";
import { visible } from "../model/text";
import { distinct, inOrder } from "../model/versions";
import { type Translate, useApp } from "./context";
import { Facts } from "./panel/Facts";
import { Section } from "./panel/Section";
import { Popover } from "./Popover";

// As people who run them call them; the long names are in the list.
const SHORT: Readonly<Record<Era, string>> = {
  "mixer-0": "Mixer 0.x",
  "mixer-1": "Mixer 1.x",
  wasm: "Wasm",
  native: "native",
  ztunnel: "ztunnel",
  waypoint: "waypoint",
};
// One job in ten scraped twice is worth a word; less is a pod that was just moved.
const SCRAPED_MORE = 1.1;
// Shorter offsets than this are the time that the question took.
const CLOCK_NOTED_S = 1;

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
        {warnings.length > 0 && <Warnings warnings={warnings} />}
        {facts !== null && <About facts={facts} />}
        <button
          type="button"
          class="text-button"
          onClick={() => (store.dialog.value = "diagnosis")}
        >
          {t("diagnose")}
        </button>
      </Popover>
    </div>
  );
}

/** "Istio 1.24.2, 1.25.0 · native, ztunnel", as far as it is known. */
function istioText(facts: SourceFacts | null): string {
  if (facts === null) return "";
  const versions = distinct(facts.istio_versions).map(visible);
  const eras = facts.eras.map(({ era }) => SHORT[era]).join(", ");
  const most = versions.length > 2 ? [...versions.slice(0, 2), "…"] : versions;
  return [most.length > 0 ? `Istio ${most.join(", ")}` : "", eras].filter(Boolean).join(" · ");
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  const { t } = useApp();
  return (
    <Section title={t("warnings")}>
      <ul class="warn-text warning-list">
        {warnings.map((warning) => (
          <li key={warning} lang="en">
            {visible(warning)}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function About({ facts }: { facts: SourceFacts }) {
  const { t } = useApp();
  const times = facts.scraped_times;
  return (
    <>
      <Facts
        rows={[
          [t("about.source"), sourceName(facts)],
          [t("about.address"), facts.url],
          [t("about.scrapeInterval"), age(facts.scrape_interval_s)],
          [t("about.clock"), clockText(facts.clock_offset_s, t)],
          [
            t("about.scraped"),
            times !== null && times >= SCRAPED_MORE
              ? t("scrapedTimes", { n: digits(times) })
              : null,
          ],
        ]}
      />
      <Section title={t("eras")}>
        {facts.eras.length === 0 && <p class="quiet">{t("erasNone")}</p>}
        <Facts
          rows={facts.eras.map(({ era, series }) => [t(`era.${era}`), t("seriesN", { n: series })])}
        />
      </Section>
      {facts.istio_versions.length > 0 && (
        <Section title={t("istioVersions")}>
          <Facts
            rows={inOrder(facts.istio_versions).map(({ component, version, count }) => [
              `${component} ${version}`,
              `× ${count}`,
            ])}
          />
        </Section>
      )}
    </>
  );
}

function clockText(offsetS: number | null, t: Translate): string | null {
  if (offsetS === null || Math.abs(offsetS) < CLOCK_NOTED_S) return null;
  const by = age(Math.abs(offsetS));
  return offsetS > 0 ? t("clockAhead", { age: by }) : t("clockBehind", { age: by });
}
