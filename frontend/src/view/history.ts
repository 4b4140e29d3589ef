import type { Kept } from "./layout/memory";

const MOST = 50;

interface Step {
  /** The picture that it belongs to. */
  key: string;
  kept: Kept;
}

/** Moves of nodes that can be taken back, and done again. Every picture has its own. */
export class History {
  private done: Step[] = [];
  private undone: Step[] = [];

  /** Note how things were before a move of somebody. */
  add(key: string, before: Kept): void {
    this.done = [...this.done, { key, kept: before }].slice(-MOST);
    this.undone = this.undone.filter((step) => step.key !== key);
  }

  /** What to go back to from how things are `now`; null when nothing was moved. */
  undo(key: string, now: Kept): Kept | null {
    return exchange(this.done, this.undone, key, now);
  }

  redo(key: string, now: Kept): Kept | null {
    return exchange(this.undone, this.done, key, now);
  }
}

/** Take the newest step of a picture from one pile, and put how things are on the other. */
function exchange(from: Step[], to: Step[], key: string, now: Kept): Kept | null {
  const at = from.findLastIndex((step) => step.key === key);
  const [step] = at < 0 ? [] : from.splice(at, 1);
  if (step === undefined) return null;
  to.push({ key, kept: now });
  return step.kept;
}
