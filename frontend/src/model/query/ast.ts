/** What an expression of the query language says, once it is read. */

/** How a field is held against values. The negative ones hold where the value is known and differs. */
export const OPS = [
  "=",
  "!=",
  ">",
  ">=",
  "<",
  "<=",
  "*=",
  "^=",
  "$=",
  "!*=",
  "!^=",
  "!$=",
  "in",
  "!in",
] as const;
export type Op = (typeof OPS)[number];

/** Whose field it is: an end's of an edge, the node's or the edge's own; null for what fits. */
export type Owner = "source" | "target" | "node" | "edge" | null;

/** Numbers stand in the unit that their field is written in: percent, ms, bytes. */
export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unknown" };

export interface Term {
  readonly kind: "term";
  readonly owner: Owner;
  /** The field's own name, whatever other name it was written by. */
  readonly field: string;
  readonly op: Op;
  /** One, or several for `in`. */
  readonly values: readonly Value[];
}

export type Ast =
  | Term
  | { readonly kind: "not"; readonly of: Ast }
  | { readonly kind: "and" | "or"; readonly left: Ast; readonly right: Ast };

/** The terms of an expression, in the order in which they are written. */
export function termsOf(ast: Ast): Term[] {
  switch (ast.kind) {
    case "term":
      return [ast];
    case "not":
      return termsOf(ast.of);
    case "and":
    case "or":
      return [...termsOf(ast.left), ...termsOf(ast.right)];
  }
}
