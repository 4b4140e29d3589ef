import { sourceName } from "../model/diagnosis";
import type { SourceFacts as Known } from "../model/entities";
import { age, digits } from "../model/format";
import { visible } from "../model/text";
import { inOrder } from "../model/versions";
import { type Translate, useApp } from "./context";
import { Facts } from "./panel/Facts";
import { Section } from "./panel/Section";

// One job in ten scraped twice is worth a word; less is a pod that was just moved.
const SCRAPED_MORE = 1.1;
// Shorter offsets than this are the time that the question took.
const CLOCK_NOTED_S = 1;

/** What is odd about the source of the numbers, and all that is known of it. */
export function SourceFacts() {
  const { store } = useApp();
  const facts = store.facts.value;
  const warnings = store.warnings.value;
  return (
    <>
      {warnings.length > 0 && <Warnings warnings={warnings} />}
      {facts !== null && <About facts={facts} />}
    </>
  );
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

function About({ facts }: { facts: Known }) {
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
