import { useState } from "preact/hooks";
import { thinned } from "../../model/charts";
import { visible } from "../../model/text";
import { useApp } from "../context";
import type { ShownLine } from "./Chart";

const MOST = 30;

interface ValueTableProps {
  title: string;
  times: readonly number[];
  lines: readonly ShownLine[];
  format: (value: number | null) => string;
}

/** A chart's values in words and numbers, for whoever cannot see lines; made when it is opened. */
export function ValueTable({ title, times, lines, format }: ValueTableProps) {
  const { store, t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const clock = new Intl.DateTimeFormat(store.locale.value, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return (
    <details class="chart-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("values")}</summary>
      {isOpen && (
        <div class="value-table" tabIndex={0} role="region" aria-label={`${t("values")}: ${title}`}>
          <table class="grid">
            <thead>
              <tr>
                <th scope="col">{t("time")}</th>
                {lines.map(({ key, name }) => (
                  <th key={key} scope="col">
                    {visible(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {thinned(times.length, MOST)
                .reverse()
                .map((i) => (
                  <tr key={times[i]}>
                    <th scope="row">{clock.format(new Date((times[i] ?? 0) * 1000))}</th>
                    {lines.map(({ key, values }) => (
                      <td key={key}>{format(values[i] ?? null)}</td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
