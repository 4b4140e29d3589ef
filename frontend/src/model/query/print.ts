import type { Ast, Term, Value } from "./ast";
import { fieldOf } from "./fields";
import { tokensOf } from "./tokens";
import { printedUnit } from "./units";
import { isKeyword, isUnknownWord } from "./words";

/** How tightly each binds; what binds looser than its surroundings is put in parentheses. */
const BINDS = { or: 1, and: 2, not: 3, term: 4 } as const;

/** The expression in its plainest writing; reading it back gives the same expression. */
export function print(ast: Ast): string {
  switch (ast.kind) {
    case "term":
      return printTerm(ast);
    case "not":
      return `not ${within(ast.of, BINDS.not)}`;
    case "and":
    case "or": {
      const binds = BINDS[ast.kind];
      // Joins group to the left: the same one on the right needs its parentheses.
      return `${within(ast.left, binds)} ${ast.kind} ${within(ast.right, binds + 1)}`;
    }
  }
}

function within(ast: Ast, binds: number): string {
  return BINDS[ast.kind] < binds ? `(${print(ast)})` : print(ast);
}

function printTerm({ owner, field, op, values }: Term): string {
  const name = owner === null ? field : `${owner}.${field}`;
  const texts = values.map((value) => printValue(field, value));
  if (op === "in" || op === "!in") {
    return `${name} ${op === "in" ? "in" : "not in"} (${texts.join(", ")})`;
  }
  return `${name} ${op} ${texts.join()}`;
}

function printValue(field: string, value: Value): string {
  switch (value.kind) {
    case "unknown":
      return "unknown";
    case "number":
      return `${value.value}${printedUnit(fieldOf(field)?.type ?? "count")}`;
    case "text":
      return field === "kind" ? value.text : quotedWhereNeeded(value.text);
  }
}

/** The text as it is, or in quotes where it would be read as something else. */
export function quotedWhereNeeded(text: string): string {
  const [first] = tokensOf(text);
  const isWord = first?.kind === "word" && first.text === text;
  if (isWord && !isKeyword(text) && !isUnknownWord(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
