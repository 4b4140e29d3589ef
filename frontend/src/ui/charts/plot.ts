import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** A line as it is drawn: its colour by name of the style sheet, and its own dashes. */
export interface PlotLine {
  readonly name: string;
  readonly style: number;
  readonly values: readonly (number | null)[];
}

export interface PlotSpec {
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  /** What is on screen, in unix seconds. */
  readonly span: Span;
  readonly isLog: boolean;
  /** Where the axis ends while all values are zero. */
  readonly topOfZeros?: number | undefined;
  readonly format: (value: number) => string;
  readonly locale: string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface PlotEvents {
  /** The crosshair is at this moment; null when it has left. */
  pointed(index: number | null): void;
  /** Somebody dragged across a part of the time. */
  chosen(span: Span): void;
  /** Somebody wants to see all of it again. */
  reset(): void;
}

export interface Plot {
  /** Newer values of the same lines. */
  update(spec: PlotSpec): void;
  /** Move the crosshair by so many moments. */
  step(by: number): void;
  stop(): void;
}

// One crosshair goes through all charts of a page.
const SYNC = "closer";
const LEAST_DRAG_PX = 8;
// The library declares its numbers as an enum that is not there when it runs.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;
export const COLOURS = 6;
/** The second way to tell lines apart, for whom colours are not enough. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
  [4, 2, 1, 2],
];

/** The library's types leave out whether other charts are told, as they are of a pointer. */
interface Synced {
  setCursor(to: { left: number; top: number }, fires: boolean, tells: boolean): void;
}

/** Draw lines over time into `host`. */
export function plot(host: HTMLElement, first: PlotSpec, on: PlotEvents): Plot {
  let spec = first;
  const chart = new uPlot(
    optionsOf(host, () => spec, on),
    dataOf(spec),
    host,
  );
  const observer = new ResizeObserver(() => chart.setSize(sizeOf(host)));
  observer.observe(host);
  return {
    update: (next) => {
      spec = next;
      chart.batch(() => {
        chart.setData(dataOf(next), false);
        chart.setScale("x", { min: next.span.from, max: next.span.to });
      });
    },
    step: (by) => {
      const last = spec.times.length - 1;
      const at = Math.min(last, Math.max(0, (chart.cursor.idx ?? (by > 0 ? -1 : last + 1)) + by));
      const left = chart.valToPos(spec.times[at] ?? 0, "x");
      (chart as Synced).setCursor({ left, top: 1 }, true, true);
    },
    stop: () => {
      observer.disconnect();
      chart.destroy();
    },
  };
}

function sizeOf(host: HTMLElement): { width: number; height: number } {
  return { width: Math.max(120, host.clientWidth), height: Math.max(80, host.clientHeight) };
}

function dataOf({ times, lines, isLog }: PlotSpec): uPlot.AlignedData {
  const y = (value: number | null) => (isLog && value !== null && value <= 0 ? null : value);
  return [[...times], ...lines.map(({ values }) => values.map(y))];
}

function optionsOf(host: HTMLElement, spec: () => PlotSpec, on: PlotEvents): uPlot.Options {
  const { isLog, locale, lines, span } = spec();
  const style = getComputedStyle(host);
  const colour = (name: string) => style.getPropertyValue(name).trim() || "#888888";
  const font = `11px ${style.fontFamily || "sans-serif"}`;
  const axis = {
    stroke: colour("--ink-soft"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(host),
    legend: { show: false },
    // Half of a label at the last moment.
    padding: [8, 28, 0, 0],
    cursor: {
      sync: { key: SYNC },
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
      points: { size: 6 },
      bind: {
        dblclick: () => () => {
          on.reset();
          return null;
        },
      },
    },
    scales: {
      x: { time: true, auto: false, min: span.from, max: span.to },
      y: isLog
        ? { distr: LOGARITHMIC, log: 10 }
        : { range: (_, __, most) => [0, headroom(most, spec().topOfZeros)] },
    },
    axes: [
      {
        ...axis,
        values: (_, splits, __, ___, step) => timesOf(splits, step, locale),
        space: 70,
        size: 28,
      },
      {
        ...axis,
        size: 64,
        space: 28,
        // A logarithmic axis leaves out the labels of its finest lines.
        values: (_, splits) =>
          splits.map((value: number | null) => (value === null ? "" : spec().format(value))),
      },
    ],
    series: [
      {},
      ...lines.map(({ name, style: at }) => ({
        label: name,
        stroke: colour(`--chart-${(at % COLOURS) + 1}`),
        width: 1.6,
        dash: [...(DASHES[at % DASHES.length] ?? [])],
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [(chart) => on.pointed(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < LEAST_DRAG_PX) return;
          const at = (px: number) => chart.posToVal(px, "x");
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          on.chosen({ from: at(left), to: at(left + width) });
        },
      ],
    },
  };
}

/** A line of zeros lies on the axis, not in the middle. */
function headroom(most: number | null, topOfZeros = 1): number {
  return most === null || most <= 0 ? topOfZeros : most * 1.08;
}

const DAY_S = 86_400;

function timesOf(splits: readonly number[], stepS: number, locale: string): string[] {
  const clock = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    ...(stepS < 60 ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
  return splits.map((at) => {
    const date = new Date(at * 1000);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
    return stepS >= DAY_S || isMidnight ? day.format(date) : clock.format(date);
  });
}
