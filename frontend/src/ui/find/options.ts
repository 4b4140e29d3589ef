import { entered } from "../../lib/history";
import type { FindKey } from "../../locales/find.en";
import type { Mesh } from "../../model/mesh";
import { type Completion, type Option, complete, completed } from "../../model/query/complete";
import { type Asked, PRESETS } from "../../model/query/presets";

/** One line of the list under a field: what it puts in, and what it says of it. */
export interface Offer {
  readonly text: string;
  readonly note: FindKey | null;
  /** True when it is a whole expression, which is applied at once. */
  readonly isWhole: boolean;
  readonly put: () => { text: string; cursor: number };
}

export const historyKey = (asked: Asked) => `meshviz.history.${asked}`;

/** What may be chosen: an empty field offers what was asked before and presets, then fields. */
export function offersFor(
  asked: Asked,
  { text, cursor }: { text: string; cursor: number },
  mesh: Mesh,
): Offer[] {
  const completion = complete(text, cursor, mesh);
  const offers = completion.options.map((option) => offerOf(option, text, completion));
  return text.trim() === "" ? [...wholes(asked), ...offers] : offers;
}

function wholes(asked: Asked): Offer[] {
  const presets = Object.entries(PRESETS[asked]).map(([name, text]) =>
    whole(text, `preset.${name}` as FindKey),
  );
  const old = entered(historyKey(asked))
    .filter((text) => presets.every((preset) => preset.text !== text))
    .map((text) => whole(text, "history"));
  return [...presets, ...old];
}

function whole(text: string, note: FindKey): Offer {
  return { text, note, isWhole: true, put: () => ({ text, cursor: text.length }) };
}

function offerOf(option: Option, text: string, completion: Completion): Offer {
  const put = () => completed(text, completion, option);
  return { text: option.text, note: noteOf(option), isWhole: false, put };
}

function noteOf({ kind, text }: Option): FindKey | null {
  switch (kind) {
    case "field":
      return `field.${text}` as FindKey;
    case "operator":
      return `op.${text === "not in" ? "!in" : text}` as FindKey;
    case "join":
      return `join.${text}` as FindKey;
    case "word":
    case "value":
      return null;
  }
}
