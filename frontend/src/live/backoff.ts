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

const RETURN_WITHIN_MS = 2_000;

/**
 * How long to wait for a server that said it restarts. Its place is taken at once, so the wait
 * is short, and all of it is chance: every browser of the old server comes at the same time.
 */
export function returnMs(random: () => number): number {
  return RETURN_WITHIN_MS * random();
}
