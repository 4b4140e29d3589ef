/** What is wrong with an expression, and where. The page has the words, by kind. */

export type MistakeKind =
  | "textNotClosed"
  | "parenNotClosed"
  | "parenTooMany"
  | "tooDeep"
  | "termMissing"
  | "joinMissing"
  | "operatorMissing"
  | "valueMissing"
  | "listMissing"
  | "fieldUnknown"
  | "wordUnknown"
  | "ofKubernetes"
  | "ownerWrong"
  | "operatorWrong"
  | "numberWrong"
  | "unitWrong"
  | "choiceWrong";

/** What to put in place of a part of the text. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Mistake {
  readonly kind: MistakeKind;
  /** Where it is: the first character, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** What the sentence about it names. */
  readonly values: Readonly<Record<string, string>>;
  /** What was most likely meant. */
  readonly fix: Fix | null;
}

export class QueryError extends Error {
  constructor(readonly mistake: Mistake) {
    super(mistake.kind);
  }
}

/** The text with a mistake's suggestion put in. */
export function fixed(text: string, fix: Fix): string {
  return text.slice(0, fix.start) + fix.text + text.slice(fix.end);
}
