/** One number with its name. */
export function Tile({ name, value, bad }: { name: string; value: string; bad?: boolean }) {
  return (
    <div class={bad === true ? "tile tile-bad" : "tile"}>
      <span>{name}</span>
      <b>{value}</b>
    </div>
  );
}
