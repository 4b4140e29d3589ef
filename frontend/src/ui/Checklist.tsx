import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { elided } from "../model/text";
import { useApp } from "./context";

export interface Choice {
  value: string;
  text: string;
  isChosen: boolean;
}

// Every row costs time while one types, and nobody reads more; what is chosen is always there.
const MOST = 100;
// A short list is found by eye; a long one needs a filter.
const FILTER_FROM = 9;

/** Longer names are shown by their start and end. */
const LONGEST = 40;

interface ChecklistProps {
  choices: readonly Choice[];
  toggle: (value: string) => void;
  /** What stands at the end of a row, besides its box. */
  more?: (value: string) => ComponentChildren;
}

/** Check boxes, with a filter field when there are many. */
export function Checklist({ choices, toggle, more }: ChecklistProps) {
  const { t } = useApp();
  const [filter, setFilter] = useState("");
  const shown = choices.filter(({ text }) => text.toLowerCase().includes(filter.toLowerCase()));
  const listed = [
    ...shown.filter(({ isChosen }) => isChosen),
    ...shown.filter(({ isChosen }) => !isChosen),
  ].slice(0, MOST);
  return (
    <>
      {choices.length >= FILTER_FROM && (
        <input
          class="field"
          type="search"
          aria-label={t("filterList")}
          placeholder={t("filterList")}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <ul class="checklist">
        {(shown.length > MOST ? listed : shown).map(({ value, text, isChosen }) => (
          <li key={value}>
            <label class="check">
              <input type="checkbox" checked={isChosen} onChange={() => toggle(value)} />
              <span title={text}>{elided(text, LONGEST)}</span>
            </label>
            {more?.(value)}
          </li>
        ))}
      </ul>
      {shown.length > MOST && <p class="quiet">{t("rowsLeft", { n: shown.length - MOST })}</p>}
      {shown.length === 0 && <p class="quiet">{t("nothingMatches")}</p>}
    </>
  );
}
