const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before attempt `attempt` (0, 1, 2 ...). The wait doubles up to 15 s, and half
 * of it is chance: a restarted server is not met by all its browsers at once.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}
