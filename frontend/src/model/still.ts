/** The rows in the order that they had before; newcomers follow in their own. */
export function inOrderOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  before: readonly string[],
): Row[] {
  const places = new Map(before.map((id, place) => [id, place]));
  const placeOf = ({ id }: Row) => places.get(id) ?? before.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
