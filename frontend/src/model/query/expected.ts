import { type Field, fieldOf } from "./fields";
import { ownerAndName } from "./terms";
import type { Token } from "./tokens";
import { WORD_OPERATORS, flagOf } from "./words";

/** What may come next in an expression that is being written. */
export type Expected =
  | { readonly state: "term" | "list" | "listJoin" | "nothing" }
  /** `isWhole` where the word before may stand alone: `tcp`. */
  | {
      readonly state: "operator";
      readonly field: Field;
      readonly isWhole: boolean;
      readonly isOpen: boolean;
    }
  | { readonly state: "value"; readonly field: Field }
  | { readonly state: "join"; readonly isOpen: boolean };

type State = "term" | "operator" | "value" | "list" | "listValue" | "listJoin" | "join" | "nothing";

export function expectedAfter(tokens: readonly Token[]): Expected {
  const walk = new Walk();
  for (const token of tokens) walk.step(token);
  return walk.expected();
}

/** Goes over the tokens as the parser does, but never minds what is wrong. */
class Walk {
  private state: State = "term";
  private field: Field | undefined;
  private isWhole = false;
  private open = 0;

  step(token: Token): void {
    const word = token.kind === "text" ? "" : token.text.toLowerCase();
    if (this.state === "term") this.afterTerm(token, word);
    else if (this.state === "operator") this.afterOperator(token, word);
    else if (this.state === "value") this.state = word === "not" ? "value" : "join";
    else if (this.state === "list") this.state = word === "(" ? "listValue" : "nothing";
    else if (this.state === "listValue") this.state = "listJoin";
    else if (this.state === "listJoin") this.state = word === "," ? "listValue" : "join";
    else this.afterValue(word);
  }

  expected(): Expected {
    const { state, field, isWhole } = this;
    const isOpen = this.open > 0;
    if (state === "join") return { state, isOpen };
    if (state === "operator" || state === "value" || state === "listValue") {
      if (field === undefined) return { state: "nothing" };
      return state === "operator" ? { state, field, isWhole, isOpen } : { state: "value", field };
    }
    return { state };
  }

  private afterTerm(token: Token, word: string): void {
    if (word === "(") this.open += 1;
    if (token.kind !== "word" || ["not", "is", "has"].includes(word)) return;
    const [, name] = ownerAndName(token.text);
    this.field = fieldOf(name);
    this.isWhole = flagOf(name) !== undefined;
    this.state = this.field !== undefined ? "operator" : this.isWhole ? "join" : "nothing";
  }

  private afterOperator(token: Token, word: string): void {
    if (word === "not" || word === "!") return;
    if (word === "in") this.state = "list";
    else if (word === "is" || word in WORD_OPERATORS) this.state = "value";
    else if (token.kind === "operator" && word !== "&&" && word !== "||") this.state = "value";
    else this.afterValue(word);
  }

  private afterValue(word: string): void {
    if (word === ")") this.open -= 1;
    this.state = ["and", "or", "&&", "||"].includes(word) ? "term" : "join";
  }
}
