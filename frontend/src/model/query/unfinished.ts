import type { Mistake } from "./mistake";
import { choicesStarting } from "./words";

/** Whether a mistake may be one only because the word at the end is not whole yet. */
export function isUnfinished(text: string, mistake: Mistake): boolean {
  const { kind, start, end, values } = mistake;
  if (end < text.trimEnd().length) return false;
  if (!VALUES.includes(kind)) return true;
  // A blank ends a value.
  if (end < text.length) return false;
  const word = text.slice(start, end);
  if (kind === "choiceWrong") return choicesStarting(values.field ?? "", word);
  return kind === "unitWrong" ? startsUnit(values) : /^[-+.\d]/.test(word);
}

const VALUES: readonly Mistake["kind"][] = ["choiceWrong", "numberWrong", "unitWrong"];

function startsUnit({ unit = "", accepted = "" }: Mistake["values"]): boolean {
  const lower = unit.toLowerCase();
  return accepted.split(", ").some((each) => each.toLowerCase().startsWith(lower));
}
