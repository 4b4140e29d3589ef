/**
 * Stands in for what force-graph brings along for links, colours and tips of its own: it is told of
 * no nodes and no links here (see graph.ts), so nothing of that is ever asked for. vite.config.ts
 * puts it there; it keeps 15 kB from being waited for before the first picture.
 */

/** For `bezier-js`, which bends links. */
export const Bezier = null;

/** For `d3-scale-chromatic`, which colours nodes that have no colour. */
export const schemePaired: readonly string[] = [];

/** For `float-tooltip`, which shows what a node is. */
export default class Tooltip {
  content(): void {
    // Nothing is pointed at.
  }
}
