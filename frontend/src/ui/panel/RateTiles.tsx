import type { Rates } from "../../model/entities";
import { percent, rate, throughput } from "../../model/format";
import { useApp } from "../context";
import { Tile } from "./parts";
import { Traced } from "./Traced";

/** What goes in or out of a node, as tiles. */
export function RateTiles({ rates, part }: { rates: Rates; part: "in" | "out" }) {
  const { t } = useApp();
  const field = (name: keyof Rates) => `${part}.${name}`;
  return (
    <Traced>
      <div class="tiles">
        <Tile name={t("requests")} value={rate(rates.rps)} field={field("rps")} />
        <Tile
          name={t("errors")}
          value={percent(rates.error_ratio)}
          bad={(rates.error_ratio ?? 0) > 0}
          field={field("error_ratio")}
        />
        <Tile
          name={t("clientErrors")}
          value={percent(rates.client_error_ratio)}
          field={field("client_error_ratio")}
        />
        <Tile
          name={t("received")}
          value={throughput(rates.received_bps)}
          field={field("received_bps")}
        />
        <Tile name={t("sent")} value={throughput(rates.sent_bps)} field={field("sent_bps")} />
      </div>
    </Traced>
  );
}
