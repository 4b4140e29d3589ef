/** Steps of a slider over what occurs: round numbers between the least and the greatest. */

const ROUND = [1, 2, 5];

/** 1, 2, 5, 10 and so on, as far as some value is at least so much; at most `most` of them, from the top. */
export function roundSteps(values: readonly number[], most: number): number[] {
  const present = values.filter((value) => value > 0);
  if (present.length === 0) return [];
  const least = present.reduce((a, b) => Math.min(a, b));
  const greatest = present.reduce((a, b) => Math.max(a, b));
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= greatest; power += 1) {
    // Powers below one are not exact: 3 * 10 ** -1 would not print as 0.3.
    for (const each of ROUND) steps.push(Number(`${each}e${power}`));
  }
  return steps.filter((step) => step > least && step <= greatest).slice(-most);
}

/** The steps with the value that is set, wherever it came from. */
export function withSet(steps: readonly number[], set: number | null): number[] {
  return [...new Set(set === null ? steps : [...steps, set])].sort((a, b) => a - b);
}
