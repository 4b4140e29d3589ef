import type { Health } from "../model/entities";
import type { DrawnEdge } from "./scene";

/** The colours of the canvas. They are custom properties of the page's style sheet. */
export interface Palette {
  health: Readonly<Record<Health, string>>;
  tcp: string;
  background: string;
  node: string;
  ink: string;
  inkSoft: string;
  accent: string;
  hull: string;
  hullLine: string;
  badge: string;
  dot: string;
  errorDot: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim() || "#888888";
  return {
    health: {
      healthy: colour("--healthy"),
      degraded: colour("--degraded"),
      failing: colour("--failing"),
      idle: colour("--idle"),
      unknown: colour("--unknown"),
    },
    tcp: colour("--tcp"),
    background: colour("--canvas"),
    node: colour("--node"),
    ink: colour("--ink"),
    inkSoft: colour("--ink-soft"),
    accent: colour("--accent"),
    hull: colour("--hull"),
    hullLine: colour("--hull-line"),
    badge: colour("--badge"),
    dot: colour("--dot"),
    errorDot: colour("--failing"),
  };
}

/** The colours of one theme, whichever the page has: nothing is painted in between. */
export function paletteOf(theme: "dark" | "light", element: Element): Palette {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = theme;
  const palette = readPalette(element);
  if (before === undefined) delete dataset.theme;
  else dataset.theme = before;
  return palette;
}

/** An edge's colour: its health, but blue for TCP that has nothing wrong with it. */
export function edgeColour(palette: Palette, { edge }: DrawnEdge): string {
  const isFine = edge.health === "healthy" || edge.health === "unknown";
  if (edge.protocol === "tcp" && isFine) return palette.tcp;
  return palette.health[edge.health];
}
