import type { Distribution, DistributionSide } from "../../model/entities";
import { duration, percent } from "../../model/format";
import { type DistributionRow, rowsOf } from "../../model/distribution";
import type { Selection } from "../../model/page";
import { useDistribution } from "../charts/past";
import { PrometheusLink } from "../PrometheusLink";
import { useApp } from "../context";
import { Fold } from "./Section";

const EVERY_MS = 30_000;
const BAR = 100;

/** How response times are spread, as each side measured them; asked for when it is opened. */
export function DistributionFold({ about }: { about: NonNullable<Selection> }) {
  const { t } = useApp();
  return (
    <Fold title={t("distribution")} name="distribution" isOpen={false}>
      <Body about={about} />
    </Fold>
  );
}

function Body({ about }: { about: NonNullable<Selection> }) {
  const { t } = useApp();
  const asked = useDistribution(about, EVERY_MS);
  switch (asked.state) {
    case "loading":
      return <p class="quiet">{t("historyLoading")}</p>;
    case "failed":
      return <p class="quiet">{t("historyFailed", { reason: asked.reason })}</p>;
    case "ready":
      return <Bars distribution={asked.answer} />;
  }
}

function Bars({ distribution: { sides } }: { distribution: Distribution }) {
  const { t } = useApp();
  const rows = rowsOf(sides);
  const name = (reporter: DistributionSide["reporter"]) =>
    t(reporter === "server" ? "serverSide" : "clientSide");
  if (rows.length === 0) return <p class="quiet">{t("distributionNone")}</p>;
  const longest = Math.max(...rows.flatMap(({ shares }) => shares.map((share) => share ?? 0)));
  return (
    <>
      <table class="grid distribution">
        <thead>
          <tr>
            <th scope="col">{t("latency")}</th>
            {sides.map(({ reporter }) => (
              <th key={reporter} scope="col">
                {name(reporter)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <BarRow key={row.leMs ?? "more"} row={row} longest={longest} sides={sides} />
          ))}
        </tbody>
      </table>
      <p class="links">
        {sides.map(({ reporter, url }) => (
          <PrometheusLink key={reporter} url={url} of={name(reporter)} />
        ))}
      </p>
    </>
  );
}

function BarRow({
  row: { fromMs, leMs, shares },
  longest,
  sides,
}: {
  row: DistributionRow;
  /** The share that fills the place for bars. */
  longest: number;
  sides: readonly DistributionSide[];
}) {
  return (
    <tr>
      <th scope="row">{leMs === null ? `> ${duration(fromMs)}` : `≤ ${duration(leMs)}`}</th>
      {sides.map(({ reporter }, i) => (
        <td key={reporter}>
          <svg class="bar" viewBox={`0 0 ${BAR} 8`} preserveAspectRatio="none" aria-hidden="true">
            <rect class={`bar-${reporter}`} width={((shares[i] ?? 0) / longest) * BAR} height="8" />
          </svg>
          <span>{percent(shares[i] ?? null)}</span>
        </td>
      ))}
    </tr>
  );
}
