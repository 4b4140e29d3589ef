import { RANGE_NAMES, type Range } from "../../model/history";
import type { Span } from "../charts/plot";
import { useApp } from "../context";

interface RangePickerProps {
  range: Range;
  zoom: Span | null;
  onZoom: (span: Span | null) => void;
}

/** How far back the charts look; or the part of the time that somebody dragged across. */
export function RangePicker({ range, zoom, onZoom }: RangePickerProps) {
  const { store, t } = useApp();
  const choose = (next: string) => {
    onZoom(null);
    store.looks.value = { ...store.looks.peek(), range: next };
  };
  return (
    <div class="range-picker">
      {zoom !== null && (
        <>
          <span>{spanText(zoom, store.locale.value)}</span>
          <button type="button" class="quiet-button" onClick={() => onZoom(null)}>
            {t("toNow")}
          </button>
        </>
      )}
      <label class="control select">
        <span class="select-label">{t("range")}</span>
        <select value={range} onChange={(event) => choose(event.currentTarget.value)}>
          {RANGE_NAMES.map((name) => (
            <option key={name} value={name} selected={name === range}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function spanText({ from, to }: Span, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return format.formatRange(new Date(from * 1000), new Date(to * 1000));
}
