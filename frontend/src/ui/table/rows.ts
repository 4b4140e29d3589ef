import { useState } from "preact/hooks";

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * One row of a table is in the Tab order, and arrow keys go to the others: nobody should have to
 * press Tab three hundred times to get past it.
 */
export function useRows(rows: readonly { id: string }[], isOpen: boolean) {
  const [current, setCurrent] = useState<string | null>(null);
  const isThere = rows.some(({ id }) => id === current);
  const reachable = isThere ? current : (rows[0]?.id ?? null);
  // Hidden rows are read, but stay out of the Tab order of those who see the picture.
  const isStop = ({ id }: { id: string }) => isOpen && id === reachable;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = STEPS[event.key];
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("th button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    buttons[step(at, buttons.length - 1)]?.focus();
  };
  return { isStop, onFocus: setCurrent, onKeyDown };
}
