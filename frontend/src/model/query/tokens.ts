/** From characters to words, texts in quotes, operators and parentheses, each with its place. */

export type TokenKind = "word" | "text" | "operator" | "(" | ")" | "," | "end";

export interface Token {
  readonly kind: TokenKind;
  /** What was written; of a text in quotes, what is inside. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True for a text whose quote is never closed. */
  readonly isOpen?: boolean;
}

// Longer ones first: "!=" is not "!" and "=".
const OPERATORS = [
  ..."!*= !^= !$= == != <> >= <= *= ^= $= && || = > < ! ≥ ≤ ≠".split(" "),
] as readonly string[];
const PUNCTUATION = ["(", ")", ","] as const;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isBlank(text[at])) at += 1;
    const token = tokenAt(text, at);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    at = token.end;
  }
}

function tokenAt(text: string, start: number): Token {
  const first = text[start];
  if (first === undefined) return { kind: "end", text: "", start, end: start };
  if (first === '"' || first === "'") return quoted(text, start, first);
  const sign = PUNCTUATION.find((each) => each === first);
  if (sign !== undefined) return { kind: sign, text: sign, start, end: start + 1 };
  const operator = operatorAt(text, start);
  if (operator !== undefined) {
    return { kind: "operator", text: operator, start, end: start + operator.length };
  }
  let end = start + 1;
  while (end < text.length && !endsWord(text, end)) end += 1;
  return { kind: "word", text: text.slice(start, end), start, end };
}

function quoted(text: string, start: number, quote: string): Token {
  let inside = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === quote) return { kind: "text", text: inside, start, end: at + 1 };
    if (character === "\\" && at + 1 < text.length) at += 1;
    inside += text[at] ?? "";
  }
  return { kind: "text", text: inside, start, end: text.length, isOpen: true };
}

function operatorAt(text: string, at: number): string | undefined {
  return OPERATORS.find((operator) => text.startsWith(operator, at));
}

function endsWord(text: string, at: number): boolean {
  const character = text[at] ?? "";
  return isBlank(character) || `(),"'`.includes(character) || operatorAt(text, at) !== undefined;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
