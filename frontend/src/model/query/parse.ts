import type { Ast } from "./ast";
import { type Mistake, QueryError } from "./mistake";
import { TermReader } from "./terms";
import type { Token } from "./tokens";
import { tokensOf } from "./tokens";

/** An expression that was read; `ast` is null where there is nothing but blanks. */
export type Parsed =
  | { readonly ok: true; readonly ast: Ast | null }
  | { readonly ok: false; readonly mistake: Mistake };

// Nobody nests deeper by hand; a made-up address must not exhaust the stack.
const DEEPEST = 50;

export function parse(text: string): Parsed {
  try {
    const parser = new Parser(tokensOf(text));
    return { ok: true, ast: parser.whole() };
  } catch (error) {
    if (error instanceof QueryError) return { ok: false, mistake: error.mistake };
    throw error;
  }
}

/** `or` binds loosest, then `and`, then `not`. */
class Parser extends TermReader {
  private depth = 0;

  whole(): Ast | null {
    if (this.peek().kind === "end") return null;
    const ast = this.either();
    const rest = this.peek();
    if (rest.kind === "end") return ast;
    if (rest.kind === ")") throw this.wrong("parenTooMany", rest);
    const insert = { start: rest.start, end: rest.start, text: "and " };
    throw this.wrong("joinMissing", rest, {}, insert);
  }

  private either(): Ast {
    let left = this.all();
    while (this.takeJoin("or", "||")) left = { kind: "or", left, right: this.all() };
    return left;
  }

  private all(): Ast {
    let left = this.one();
    while (this.takeJoin("and", "&&")) left = { kind: "and", left, right: this.one() };
    return left;
  }

  private one(): Ast {
    const token = this.peek();
    if (isNot(token)) {
      this.next();
      return { kind: "not", of: this.deeper(token, () => this.one()) };
    }
    if (token.kind === "(") return this.inParentheses(token);
    if (this.isPrefix(token)) {
      this.next();
      return this.deeper(token, () => this.one());
    }
    return this.term();
  }

  private inParentheses(open: Token): Ast {
    this.next();
    const inside = this.deeper(open, () => this.either());
    const close = this.peek();
    if (close.kind === ")") {
      this.next();
      return inside;
    }
    if (close.kind === "end") throw this.wrong("parenNotClosed", open);
    const insert = { start: close.start, end: close.start, text: "and " };
    throw this.wrong("joinMissing", close, {}, insert);
  }

  private deeper(token: Token, read: () => Ast): Ast {
    this.depth += 1;
    if (this.depth > DEEPEST) throw this.wrong("tooDeep", token);
    const ast = read();
    this.depth -= 1;
    return ast;
  }

  private takeJoin(word: string, sign: string): boolean {
    const { kind, text } = this.peek();
    const is = kind === "operator" ? text === sign : kind === "word" && text.toLowerCase() === word;
    if (is) this.next();
    return is;
  }

  /** `is healthy`, `has mtls`: as Kiali writes it; the word adds nothing. */
  private isPrefix(token: Token): boolean {
    return token.kind === "word" && ["is", "has"].includes(token.text.toLowerCase());
  }
}

function isNot({ kind, text }: Token): boolean {
  return kind === "operator" ? text === "!" : kind === "word" && text.toLowerCase() === "not";
}
