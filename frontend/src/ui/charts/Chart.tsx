import { type Signal, signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { newest } from "../../model/history";
import { isTold } from "../../model/provenance";
import { visible } from "../../model/text";
import { useApp } from "../context";
import { PrometheusLink } from "../PrometheusLink";
import { type Plot, type PlotEvents, type PlotLine, type Span, plot } from "./plot";
import { Swatch } from "./Swatch";
import { ValueTable } from "./ValueTable";

/** A line with what it says of itself. */
export interface ShownLine extends PlotLine {
  readonly key: string;
  readonly promql: string | null;
  readonly url: string | null;
}

export interface ChartProps {
  title: string;
  times: readonly number[];
  lines: readonly ShownLine[];
  span: Span;
  format: (value: number | null) => string;
  /** Quantiles lie decades apart: a logarithmic scale shows all of them. */
  canLog?: boolean;
  /** Where the axis ends while all values are zero; 1 unless it says. */
  topOfZeros?: number | undefined;
  isOld: boolean;
  /** The moment under the crosshair, which all charts share. */
  cursor: Signal<number | null>;
  onZoom: (span: Span | null) => void;
}

/** The charts, by title, with a logarithmic scale: it outlives a change of versions or of the page. */
const logarithmic = signal<ReadonlySet<string>>(new Set());

function chooseScale(title: string, isLog: boolean): void {
  const next = new Set(logarithmic.peek());
  if (isLog) next.add(title);
  else next.delete(title);
  logarithmic.value = next;
}

/** Lines over time, a legend with their values, and the same as a table. */
export function Chart(props: ChartProps) {
  const { title, times, lines, format, canLog, isOld, cursor } = props;
  const { t } = useApp();
  const isLog = logarithmic.value.has(title);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = lines.filter(({ key }) => !hidden.has(key));
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  return (
    <section class={isOld ? "chart chart-old" : "chart"} data-chart={title}>
      <header>
        <h3>{title}</h3>
        {canLog === true && (
          <ScaleSwitch isLog={isLog} choose={(log) => chooseScale(title, log)} title={title} />
        )}
      </header>
      <Drawing {...props} lines={shown} isLog={isLog} />
      <Legend
        lines={lines}
        hidden={hidden}
        toggle={toggle}
        valueOf={({ values }) => {
          const at = cursor.value;
          return format(at === null ? newest(values) : (values[at] ?? null));
        }}
      />
      <Sources lines={lines} />
      <ValueTable title={title} times={times} lines={lines} format={format} />
      {shown.length === 0 && <p class="visually-hidden">{t("none")}</p>}
    </section>
  );
}

/** The canvas; the arrow keys move the crosshair while it has the focus. */
function Drawing({
  title,
  times,
  lines,
  span,
  format,
  cursor,
  onZoom,
  isLog,
  topOfZeros,
}: ChartProps & { isLog: boolean }) {
  const { store, t } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<Plot | null>(null);
  const locale = store.locale.value;
  const spec = {
    times,
    lines,
    span,
    isLog,
    topOfZeros,
    locale,
    format: (value: number) => format(value),
  };
  const on: PlotEvents = {
    pointed: (index) => (cursor.value = index),
    chosen: (chosen) => onZoom(chosen),
    reset: () => onZoom(null),
  };
  // The library takes colours, lines and scale once.
  const made = [
    store.dark.value,
    isLog,
    locale,
    ...lines.map(({ key, name }) => key + name),
  ].join();
  useEffect(() => {
    if (host.current === null) return;
    // Colours come from the style sheet, which switches with the page in this very round.
    const made = plot(host.current, spec, on);
    drawn.current = made;
    return () => {
      drawn.current = null;
      made.stop();
    };
  }, [made]);
  useEffect(() => drawn.current?.update(spec), [times, span.from, span.to, lines]);
  const told = lines.map(({ name, values }) => `${name} ${format(newest(values))}`).join(", ");
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    drawn.current?.step(by);
  };
  return (
    <div
      ref={host}
      class="chart-canvas"
      role="group"
      tabIndex={0}
      aria-label={`${title}: ${told === "" ? t("none") : told}`}
      onKeyDown={onKeyDown}
      onPointerLeave={() => (cursor.value = null)}
    />
  );
}

interface ScaleSwitchProps {
  isLog: boolean;
  choose: (isLog: boolean) => void;
  title: string;
}

function ScaleSwitch({ isLog, choose, title }: ScaleSwitchProps) {
  const { t } = useApp();
  return (
    <div class="segments" role="radiogroup" aria-label={`${t("scale")}: ${title}`}>
      {([false, true] as const).map((log) => (
        <label key={String(log)} class="segment">
          <input
            type="radio"
            name={`scale ${title}`}
            checked={log === isLog}
            onChange={() => choose(log)}
          />
          <span>{t(log ? "scale.log" : "scale.linear")}</span>
        </label>
      ))}
    </div>
  );
}

interface LegendProps {
  lines: readonly ShownLine[];
  hidden: ReadonlySet<string>;
  toggle: (key: string) => void;
  valueOf: (line: ShownLine) => string;
}

function Legend({ lines, hidden, toggle, valueOf }: LegendProps) {
  const { t } = useApp();
  return (
    <ul class="chart-legend">
      {lines.map((line) => (
        <li key={line.key}>
          <button
            type="button"
            aria-pressed={!hidden.has(line.key)}
            title={t("hideLine")}
            onClick={() => toggle(line.key)}
          >
            <Swatch style={line.style} />
            <span>{visible(line.name)}</span>
            <b>{valueOf(line)}</b>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The queries behind the lines, each once. */
function Sources({ lines }: { lines: readonly ShownLine[] }) {
  const { t } = useApp();
  const byQuery = new Map<string, ShownLine>();
  for (const line of lines) {
    if (line.promql !== null && !byQuery.has(line.promql)) byQuery.set(line.promql, line);
  }
  if (byQuery.size === 0) return null;
  return (
    <details class="chart-more">
      <summary>{t("promql")}</summary>
      <ul class="queries">
        {[...byQuery].map(([promql, { name, url }]) => (
          <li key={promql}>
            {isTold(promql) ? (
              <>
                <p>
                  <b>{visible(name)}</b>
                </p>
                <pre tabIndex={0}>{visible(promql)}</pre>
                <p>
                  <PrometheusLink url={url} of={visible(name)} />
                </p>
              </>
            ) : (
              <p class="untold">{t("promqlUntold")}</p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
