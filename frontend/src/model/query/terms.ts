import type { Op, Owner, Term, Value } from "./ast";
import { type Field, FIELDS, OWNERS, fieldOf, has } from "./fields";
import type { Fix, MistakeKind, QueryError } from "./mistake";
import { nearest } from "./nearest";
import { operatorsOf } from "./operators";
import type { Token } from "./tokens";
import { ValueReader } from "./values";
import * as words from "./words";

/** Reads one comparison, or a word that holds by itself. */
export class TermReader extends ValueReader {
  protected term(): Term {
    const token = this.peek();
    if (token.kind !== "word" || words.isKeyword(token.text)) {
      throw this.wrong(token.isOpen ? "textNotClosed" : "termMissing", token);
    }
    this.next();
    const [owner, name] = ownerAndName(token.text);
    if (this.isOperatorNext()) return this.comparison(token, owner, name);
    const flag = words.flagOf(name);
    if (flag !== undefined) {
      const field = fieldOf(flag.field);
      if (field !== undefined) this.checkOwner(token, owner, field);
      return { kind: "term", owner, ...flag, values: flag.values.map(words.textValue) };
    }
    throw fieldOf(name) === undefined
      ? this.unknown(token, name, "wordUnknown")
      : this.wrong("operatorMissing", this.peek(), { field: token.text });
  }

  private comparison(token: Token, owner: Owner, name: string): Term {
    const named = fieldOf(name);
    if (named === undefined) throw this.unknown(token, name, "fieldUnknown");
    const start = this.peek();
    const op = this.operator();
    const field = this.isAboutNumber(named, op) ? (fieldOf("mtls.ratio") ?? named) : named;
    this.checkOwner(token, owner, field);
    if (!operatorsOf(field.type).includes(op)) {
      const accepted = operatorsOf(field.type).join("  ");
      throw this.wrong("operatorWrong", start, { field: field.name, accepted });
    }
    const values = op === "in" || op === "!in" ? this.list(field, op) : [this.value(field, op)];
    return { kind: "term", owner, field: field.name, op, values };
  }

  /** `mtls < 50%` is about the share, `mtls = full` about the state. */
  private isAboutNumber({ name }: Field, op: Op): boolean {
    if (name !== "mtls") return false;
    return [">", ">=", "<", "<="].includes(op) || /^[\d.]/.test(this.peek().text);
  }

  private isOperatorNext(): boolean {
    const { kind, text } = this.peek();
    if (kind === "operator") {
      return text === "!" ? isWordOperator(this.peek(1)) : !["&&", "||"].includes(text);
    }
    if (kind !== "word") return false;
    const word = text.toLowerCase();
    return word === "not"
      ? isWordOperator(this.peek(1))
      : word === "is" || isWordOperator(this.peek());
  }

  private operator(): Op {
    const { kind, text } = this.next();
    if (kind === "operator" && text !== "!") return words.signOf(text);
    const word = text.toLowerCase();
    if (word === "is") return this.takeNot() ? "!=" : "=";
    if (text === "!" || word === "not") {
      const op = wordOperator(this.next());
      return words.oppositeOf(op) ?? op;
    }
    return wordOperator({ kind, text });
  }

  private takeNot(): boolean {
    const { kind, text } = this.peek();
    const is = text === "!" || (kind === "word" && text.toLowerCase() === "not");
    if (is) this.next();
    return is;
  }

  private list(field: Field, op: Op): Value[] {
    const open = this.peek();
    if (open.kind !== "(") throw this.wrong("listMissing", open);
    const values: Value[] = [];
    do {
      this.next();
      values.push(this.value(field, op));
    } while (this.peek().kind === ",");
    const close = this.peek();
    if (close.kind !== ")") {
      throw this.wrong(
        close.kind === "end" ? "parenNotClosed" : "listMissing",
        close.kind === "end" ? open : close,
      );
    }
    this.next();
    return values;
  }

  private checkOwner(token: Token, owner: Owner, field: Field): void {
    if (has(owner, field)) return;
    throw this.wrong("ownerWrong", token, { field: field.name, owner: owner ?? "" });
  }

  private unknown(token: Token, name: string, kind: MistakeKind): QueryError {
    if (words.isOfKubernetes(name)) return this.wrong("ofKubernetes", token, { word: name });
    const meant = nearest(name, kind === "fieldUnknown" ? FIELD_NAMES : ALL_NAMES);
    return this.wrong(kind, token, { word: token.text }, fixFor(token, name, meant, kind));
  }
}

function fixFor(token: Token, name: string, meant: string | null, kind: MistakeKind): Fix | null {
  const { start, end } = token;
  // Who types a bare word mostly looks for something called so.
  if (meant === null) {
    return kind === "wordUnknown" ? { start, end, text: `name *= ${token.text}` } : null;
  }
  return { start: end - name.length, end, text: meant };
}

const FIELD_NAMES = FIELDS.flatMap(({ name, aliases }) => [name, ...aliases]);
const ALL_NAMES = [...FIELD_NAMES, ...words.startingWords()];

/** `source.ns` is the source's field `ns`; `latency.p95` is a field of its own. */
export function ownerAndName(text: string): readonly [Owner, string] {
  const dot = text.indexOf(".");
  const owner = OWNERS[text.slice(0, Math.max(0, dot)).toLowerCase()];
  if (owner === undefined || fieldOf(text) !== undefined) return [null, text];
  return [owner, text.slice(dot + 1)];
}

function isWordOperator({ kind, text }: Pick<Token, "kind" | "text">): boolean {
  return (
    kind === "word" && (text.toLowerCase() === "in" || text.toLowerCase() in words.WORD_OPERATORS)
  );
}

function wordOperator({ text }: Pick<Token, "kind" | "text">): Op {
  return words.WORD_OPERATORS[text.toLowerCase()] ?? "in";
}
