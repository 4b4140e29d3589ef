import type { Mesh } from "../mesh";
import { type Expected, expectedAfter } from "./expected";
import { FIELDS, type Field, type Raw } from "./fields";
import { quotedWhereNeeded } from "./print";
import { operatorsOf } from "./operators";
import { type Token, tokensOf } from "./tokens";
import { FLAGS } from "./words";
import { worldOf } from "./world";

export interface Option {
  readonly kind: "field" | "word" | "operator" | "value" | "join";
  /** What takes the place of what is typed. */
  readonly text: string;
}

export interface Completion {
  /** The part of the text that an option replaces. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Option[];
}

// More than these nobody reads: one more letter finds the rest.
const MOST_VALUES = 30;

/** What may stand where the cursor is. */
export function complete(text: string, cursor: number, mesh: Mesh): Completion {
  const before = tokensOf(text.slice(0, cursor)).slice(0, -1);
  const last = before.at(-1);
  const isTyped = last?.end === cursor && (last.kind === "word" || last.isOpen === true);
  const partial = isTyped ? last : null;
  const expected = expectedAfter(partial === null ? before : before.slice(0, -1));
  const options = fitting(optionsFor(expected, mesh), partial);
  return { ...place(text, cursor, partial), options };
}

/** The text with an option in place, apart from what stands before it, and where the cursor goes. */
export function completed(
  text: string,
  { from, to }: Completion,
  option: Option,
): { text: string; cursor: number } {
  const closes = option.text === "," || option.text === ")";
  const before = closes ? text.slice(0, from).trimEnd() : text.slice(0, from);
  const needsBlank = /[^\s(]$/.test(before) && !closes;
  const needsMore = option.kind !== "value" && option.text !== "(" && option.kind !== "word";
  const put = `${needsBlank ? " " : ""}${option.text}${needsMore ? " " : ""}`;
  const rest = needsMore ? text.slice(to).trimStart() : text.slice(to);
  return { text: before + put + rest, cursor: before.length + put.length };
}

/** The whole word under the cursor, not only what stands before it. */
function place(text: string, cursor: number, partial: Token | null): { from: number; to: number } {
  if (partial === null) return { from: cursor, to: cursor };
  const whole = tokensOf(text).find(({ start }) => start === partial.start);
  return { from: partial.start, to: Math.max(cursor, whole?.end ?? cursor) };
}

function optionsFor(expected: Expected, mesh: Mesh): Option[] {
  switch (expected.state) {
    case "term":
      return [
        ...FIELDS.map(({ name }): Option => ({ kind: "field", text: name })),
        ...Object.keys(FLAGS).map((text): Option => ({ kind: "word", text })),
        { kind: "join", text: "not" },
        { kind: "join", text: "(" },
      ];
    case "operator":
      return [
        ...operatorsOf(expected.field.type).map(operatorOption),
        ...(expected.isWhole ? joins(expected.isOpen) : []),
      ];
    case "value":
      return valuesOf(expected.field, mesh).map((text) => ({ kind: "value", text }));
    case "list":
      return [{ kind: "join", text: "(" }];
    case "listJoin":
      return [",", ")"].map((text) => ({ kind: "join", text }));
    case "join":
      return joins(expected.isOpen);
    case "nothing":
      return [];
  }
}

function operatorOption(op: string): Option {
  return { kind: "operator", text: op === "!in" ? "not in" : op };
}

function joins(isOpen: boolean): Option[] {
  const texts = ["and", "or", ...(isOpen ? [")"] : [])];
  return texts.map((text) => ({ kind: "join", text }));
}

/** What begins with what is typed, then what has it elsewhere, or goes by it as another name. */
function fitting(options: readonly Option[], partial: Token | null): Option[] {
  if (partial === null) return [...options];
  const typed = partial.text.toLowerCase();
  const starts = (text: string) => text.toLowerCase().replace(/^"/, "").startsWith(typed);
  const isNamed = ({ kind, text }: Option) =>
    kind === "field" && (aliases.get(text) ?? []).some(starts);
  const first = options.filter((option) => starts(option.text) || isNamed(option));
  const others = options.filter(
    (option) => !first.includes(option) && option.text.toLowerCase().includes(typed),
  );
  return [...first, ...others];
}

const aliases = new Map(
  FIELDS.map((field): [string, readonly string[]] => [field.name, field.aliases]),
);

const EXAMPLES: Readonly<Partial<Record<Field["type"], readonly string[]>>> = {
  share: ["0%", "1%", "5%", "10%", "50%"],
  duration: ["50ms", "100ms", "250ms", "500ms", "1s", "5s"],
  bytes: ["1kB", "10kB", "100kB", "1MB"],
  rate: ["0", "1", "10", "100", "1000"],
  count: ["1", "2", "5", "10"],
};

/** Values that occur in the mesh now, the most frequent first; of numbers, round ones. */
function valuesOf(field: Field, mesh: Mesh): string[] {
  if (field.type === "choice") return [...field.values];
  const examples = EXAMPLES[field.type];
  if (examples !== undefined) return [...examples, "unknown"];
  const counts = new Map<string, number>();
  for (const raw of rawsOf(field, mesh)) {
    for (const one of Array.isArray(raw) ? (raw as readonly string[]) : [raw]) {
      if (typeof one === "string") counts.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([text]) => quotedWhereNeeded(text))
    .slice(0, MOST_VALUES);
}

function rawsOf({ node, edge }: Field, mesh: Mesh): Raw[] {
  const world = worldOf(mesh);
  return [
    ...(node === null ? [] : [...mesh.nodes.values()].map((each) => node(each, world))),
    ...(edge === null ? [] : [...mesh.edges.values()].map((each) => edge(each, world))),
  ];
}
