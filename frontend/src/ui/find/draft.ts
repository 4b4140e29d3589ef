import { useEffect, useRef, useState } from "preact/hooks";
import { enter } from "../../lib/history";
import { type Fix, fixed, type Mistake } from "../../model/query/mistake";
import { isUnfinished } from "../../model/query/unfinished";
import { parse } from "../../model/query/parse";
import type { Asked } from "../../model/query/presets";
import { useApp } from "../context";
import { type Offer, historyKey, offersFor } from "./options";

interface Written {
  readonly text: string;
  readonly cursor: number;
}

/**
 * What stands in a field, which is not always what is asked: Find follows every key that leaves
 * something readable, Hide waits for Enter, since nodes should not come and go while one types.
 */
export function useDraft(asked: Asked, input: { readonly current: HTMLInputElement | null }) {
  const { store } = useApp();
  const applied = store.filter.value[asked];
  const [written, setWritten] = useState<Written>({ text: applied, cursor: applied.length });
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  // Nobody is told that half a word is wrong before it is whole.
  const [isDone, setDone] = useState(true);
  const { text } = written;
  // What this field asked itself, which may be less than what stands in it.
  const own = useRef(applied);
  // Somebody else may change the filter: a saved view, the browser's buttons, another control.
  useEffect(() => {
    if (applied === own.current) return;
    own.current = applied;
    if (applied !== text.trim()) setWritten({ text: applied, cursor: applied.length });
  }, [applied]);

  const offers = isOpen ? offersFor(asked, written, store.mesh.value) : [];
  const wrong = mistakeIn(text);
  const isBeingWritten = wrong !== null && isUnfinished(text, wrong);

  const ask = (asking: string) => {
    const filter = store.filter.peek();
    own.current = asking;
    if (filter[asked] !== asking) store.filter.value = { ...filter, [asked]: asking };
  };
  const write = (next: Written) => {
    setWritten(next);
    setActive(null);
    setDone(false);
    if (asked !== "find") return;
    const mistake = mistakeIn(next.text);
    if (mistake === null) ask(next.text.trim());
    // What went before a mistake is not what somebody asks.
    else if (!isUnfinished(next.text, mistake)) ask("");
  };
  const apply = (asking: string) => {
    setOpen(false);
    setDone(true);
    if (mistakeIn(asking) !== null) {
      ask("");
      return;
    }
    ask(asking.trim());
    enter(historyKey(asked), asking.trim());
  };
  const put = (next: Written, isWhole: boolean) => {
    write(next);
    if (isWhole) apply(next.text);
    else setOpen(true);
    placeCursor(input.current, next);
  };
  const choose = (offer: Offer) => put(offer.put(), offer.isWhole);

  return {
    text,
    offers,
    active,
    mistake: isDone || !isBeingWritten ? wrong : null,
    isPending: text.trim() !== applied,
    choose,
    apply: () => apply(text),
    mend: (fix: Fix) => {
      const mended = fixed(text, fix);
      put({ text: mended, cursor: mended.length }, false);
      if (mistakeIn(mended) === null) apply(mended);
    },
    type: (field: HTMLInputElement) => {
      setOpen(true);
      write(writtenIn(field));
    },
    moved: (field: HTMLInputElement) => {
      const now = writtenIn(field);
      if (now.cursor !== written.cursor && now.text === text) setWritten(now);
    },
    opened: (field: HTMLInputElement) => {
      setOpen(true);
      // The text that was just cleared still stands in the field: only the cursor is news.
      const { cursor } = writtenIn(field);
      setWritten((now) => ({ ...now, cursor: Math.min(cursor, now.text.length) }));
    },
    leave: () => {
      setActive(null);
      apply(text);
    },
    clear: () => {
      write({ text: "", cursor: 0 });
      apply("");
      input.current?.focus();
    },
    step: (by: 1 | -1) => {
      setOpen(true);
      if (offers.length === 0) return;
      const from = active ?? (by === 1 ? -1 : 0);
      setActive((from + by + offers.length) % offers.length);
    },
    /** Take the offer that is active; with `first`, else the first that completes a word. */
    take: (first: boolean): boolean => {
      const isCompleting = /[^\s(,]$/.test(text.slice(0, written.cursor));
      const index = active ?? (first && isCompleting ? 0 : null);
      const offer = index === null ? undefined : offers[index];
      if (offer !== undefined) choose(offer);
      return offer !== undefined;
    },
    /** Close the list, else undo what is not applied; false when there is neither. */
    back: (): boolean => {
      if (isOpen && offers.length > 0) setOpen(false);
      else if (text.trim() !== applied) setWritten({ text: applied, cursor: applied.length });
      else return false;
      setActive(null);
      return true;
    },
  };
}

function mistakeIn(text: string): Mistake | null {
  const parsed = parse(text);
  return parsed.ok ? null : parsed.mistake;
}

function writtenIn(field: HTMLInputElement): Written {
  return { text: field.value, cursor: field.selectionStart ?? field.value.length };
}

/** The cursor goes behind what was put in, once the field has it. */
function placeCursor(field: HTMLInputElement | null, { cursor }: Written): void {
  requestAnimationFrame(() => {
    if (document.activeElement === field) field?.setSelectionRange(cursor, cursor);
  });
}
