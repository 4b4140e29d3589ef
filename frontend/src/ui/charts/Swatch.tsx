import { COLOURS, DASHES } from "./plot";

/** A piece of a line, as it is drawn. */
export function Swatch({ style }: { style: number }) {
  return (
    <svg class="line-swatch" viewBox="0 0 26 6" aria-hidden="true">
      <path
        class={`stroke-${(style % COLOURS) + 1}`}
        d="M0 3h26"
        stroke-dasharray={(DASHES[style % DASHES.length] ?? []).join(" ")}
      />
    </svg>
  );
}
