import { useRef } from "preact/hooks";
import { inOrderOf } from "../model/still";

/**
 * Rows that do not change places while somebody is in their list, with the pointer or the focus:
 * what is about to be clicked must not slip away, nor take the focus with it.
 */
export function useStill<Row extends { readonly id: string }>(rows: readonly Row[]) {
  const list = useRef<HTMLUListElement>(null);
  const before = useRef<readonly string[]>([]);
  const isHeld = list.current?.matches(":hover, :focus-within") ?? false;
  const still = isHeld ? inOrderOf(rows, before.current) : rows;
  before.current = still.map(({ id }) => id);
  return { list, still };
}
