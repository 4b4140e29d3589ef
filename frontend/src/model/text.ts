/** Label values are whatever somebody's client sent: made fit to be read, and harmless. */

/**
 * Characters that are not seen, or that turn the text round them: controls, line and paragraph
 * separators, directions. Joiners stay, since emoji and several scripts are written with them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
/** Marks that pile up on one letter until they cover the lines above it. */
const PILED = /(\p{M}{4})\p{M}+/gu;

const LAST_PICTURED = 0x20;
const DELETE = 0x7f;

/** The text with a symbol for every character that is not seen or would turn others round. */
export function visible(text: string): string {
  return text.replace(UNSEEN, symbol).replace(PILED, "$1");
}

function symbol(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Unicode has pictures of the oldest controls: ␊ for a line feed.
  if (code < LAST_PICTURED) return String.fromCodePoint(0x2400 + code);
  if (code === DELETE) return "␡";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text, or its start and end where it is longer than `most` letters. */
export function elided(text: string, most: number): string {
  if (text.length <= most) return text;
  // Cut between letters: half an emoji is two unknown characters.
  const parts = [...letters.segment(text)].map(({ segment }) => segment);
  if (parts.length <= most) return text;
  // Starts and ends tell long host and workload names apart; starts a little more.
  const end = Math.floor((most - 1) * 0.4);
  return `${parts.slice(0, most - 1 - end).join("")}…${parts.slice(parts.length - end).join("")}`;
}
