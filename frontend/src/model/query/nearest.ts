/** The word that somebody who typed `word` most likely meant; null when nothing is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const typed = word.toLowerCase();
  const most = typed.length <= 3 ? 1 : typed.length <= 6 ? 2 : 3;
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const isStart = typed.length >= 3 && name.toLowerCase().startsWith(typed);
    const distance = isStart ? 1 : steps(typed, name.toLowerCase());
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** How many letters to add, drop, change or swap with the next to get from `a` to `b`. */
function steps(a: string, b: string): number {
  let older: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      now[column] = Math.min(
        (before[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (before[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap && row > 1 ? (older[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    [older, before] = [before, now];
  }
  return before[b.length] ?? 0;
}
