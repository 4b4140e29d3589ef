import type { Op, Value } from "./ast";
import type { Field } from "./fields";
import { type Fix, type MistakeKind, QueryError } from "./mistake";
import { nearest } from "./nearest";
import { isOrder } from "./operators";
import type { Token } from "./tokens";
import { isUnit, readNumber, unitsOf } from "./units";
import * as words from "./words";

const END: Token = { kind: "end", text: "", start: 0, end: 0 };

/** Goes through tokens, and reads values by what their field holds. */
export class ValueReader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] ?? END;
  }

  protected next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  protected wrong(
    kind: MistakeKind,
    { start, end }: Token,
    values: Readonly<Record<string, string>> = {},
    fix: Fix | null = null,
  ): QueryError {
    return new QueryError({ kind, start, end, values, fix });
  }

  protected value(field: Field, op: Op): Value {
    const token = this.peek();
    const isValue = token.kind === "text" || (token.kind === "word" && !isJoin(token.text));
    if (!isValue) throw this.wrong("valueMissing", token, { field: field.name });
    if (token.isOpen) throw this.wrong("textNotClosed", token);
    this.next();
    const isBare = token.kind === "word";
    // Unknown sources are a kind of node of their own.
    const isUnknown = isBare && words.isUnknownWord(token.text) && field.name !== "kind";
    if (isUnknown && !isOrder(op)) return { kind: "unknown" };
    if (field.type === "choice") return this.choice(token, field);
    const isText = field.type === "text" || (field.type === "codes" && !isOrder(op));
    return isText ? words.textValue(token.text) : this.number(token, field);
  }

  private choice(token: Token, field: Field): Value {
    const choice = words.choiceOf(field, token.text);
    if (choice !== undefined) return words.textValue(choice);
    const meant = nearest(token.text, field.values);
    const fix = meant === null ? null : { start: token.start, end: token.end, text: meant };
    const accepted = field.values.join(", ");
    throw this.wrong("choiceWrong", token, { field: field.name, value: token.text, accepted }, fix);
  }

  private number(token: Token, field: Field): Value {
    const after = this.peek();
    const isApart = after.kind === "word" && isUnit(after.text, field.type);
    const reading = readNumber(isApart ? token.text + after.text : token.text, field.type);
    const values = { field: field.name, value: token.text };
    switch (reading.kind) {
      case "number":
        if (isApart) this.next();
        return reading;
      case "unit": {
        const accepted = unitsOf(field.type).join(", ");
        throw this.wrong("unitWrong", token, { ...values, unit: reading.unit, accepted });
      }
      case "text":
        throw this.wrong("numberWrong", token, values);
    }
  }
}

function isJoin(text: string): boolean {
  return ["and", "or", "not"].includes(text.toLowerCase());
}
