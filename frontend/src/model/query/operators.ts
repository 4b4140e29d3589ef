import { OPS, type Op } from "./ast";
import type { FieldType } from "./fields";

const EQUAL: readonly Op[] = ["=", "!=", "in", "!in"];
const ORDER: readonly Op[] = [">", ">=", "<", "<="];

/** The operators that fields of a type take. */
export function operatorsOf(type: FieldType): readonly Op[] {
  if (type === "choice") return EQUAL;
  if (type === "codes") return OPS;
  if (type === "text") return OPS.filter((op) => !ORDER.includes(op));
  return [...EQUAL.slice(0, 2), ...ORDER, ...EQUAL.slice(2)];
}

export function isOrder(op: Op): boolean {
  return ORDER.includes(op);
}

/** True for operators that hold where a value is known and is none of those given. */
export function isNegative(op: Op): boolean {
  return op.startsWith("!");
}
