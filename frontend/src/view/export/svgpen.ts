import type { Pen } from "../draw/brush";

type Style = string | CanvasGradient | CanvasPattern;

const SAVED = [
  ...(["fillStyle", "strokeStyle", "globalAlpha", "lineWidth", "lineCap", "lineJoin"] as const),
  ...(["font", "textAlign", "textBaseline", "dash", "zoom", "dx", "dy"] as const),
] as const;

/**
 * A pen that writes SVG: what is painted on a canvas, and the file, are drawn by the same code.
 * It scales both axes alike and never turns, as painters do.
 */
export class SvgPen implements Pen {
  fillStyle: Style = "#000000";
  strokeStyle: Style = "#000000";
  globalAlpha = 1;
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  lineJoin: CanvasLineJoin = "miter";
  font = "10px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  dash: readonly number[] = [];
  zoom = 1;
  dx = 0;
  dy = 0;
  private readonly elements: string[] = [];
  private readonly saved: object[] = [];
  private path: string[] = [];
  private start: readonly [number, number] | null = null;

  constructor(private readonly measure: (font: string, text: string) => TextMetrics) {}

  /** The drawing as a file of its own. */
  file(width: number, height: number, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${rounded(width)}" ` +
        `height="${rounded(height)}" viewBox="0 0 ${rounded(width)} ${rounded(height)}">`,
      `<title>${escaped(title)}</title>`,
      ...this.elements,
      "</svg>\n",
    ].join("\n");
  }

  save(): void {
    this.saved.push(Object.fromEntries(SAVED.map((name) => [name, this[name]])));
  }

  restore(): void {
    Object.assign(this, this.saved.pop());
  }

  scale(x: number): void {
    this.zoom *= x;
  }

  translate(x: number, y: number): void {
    this.dx += x * this.zoom;
    this.dy += y * this.zoom;
  }

  beginPath(): void {
    this.path = [];
    this.start = null;
  }

  moveTo(x: number, y: number): void {
    this.start = [x, y];
    this.path.push(`M${this.point(x, y)}`);
  }

  lineTo(x: number, y: number): void {
    if (this.start === null) return this.moveTo(x, y);
    this.path.push(`L${this.point(x, y)}`);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.path.push(`C${this.point(x1, y1)} ${this.point(x2, y2)} ${this.point(x, y)}`);
  }

  closePath(): void {
    this.path.push("Z");
  }

  arc(x: number, y: number, r: number, from: number, to: number): void {
    const whole = 2 * Math.PI;
    const turn = to - from >= whole ? whole : (((to - from) % whole) + whole) % whole;
    const at = (angle: number) => [x + r * Math.cos(angle), y + r * Math.sin(angle)] as const;
    this.lineTo(...at(from));
    // One SVG arc cannot go all the way round, so each is two.
    for (const share of [0.5, 1]) {
      const radius = rounded(r * this.zoom);
      this.path.push(`A${radius} ${radius} 0 0 1 ${this.point(...at(from + turn * share))}`);
    }
  }

  roundRect(x: number, y: number, w: number, h: number, radii?: unknown): void {
    const r = Math.min(typeof radii === "number" ? radii : 0, w / 2, h / 2);
    const right = Math.PI / 2;
    this.moveTo(x + r, y);
    this.arc(x + w - r, y + r, r, -right, 0);
    this.arc(x + w - r, y + h - r, r, 0, right);
    this.arc(x + r, y + h - r, r, right, 2 * right);
    this.arc(x + r, y + r, r, 2 * right, 3 * right);
    this.closePath();
  }

  fill(): void {
    this.put("path", { d: this.path.join(""), ...this.paint("fill", this.fillStyle) });
  }

  stroke(): void {
    this.put("path", { d: this.path.join(""), fill: "none", ...this.line() });
  }

  fillRect(x: number, y: number, w: number, h: number): void {
    const [left = "", top = ""] = this.point(x, y).split(" ");
    const { zoom } = this;
    const size = { width: rounded(w * zoom), height: rounded(h * zoom) };
    this.put("rect", { x: left, y: top, ...size, ...this.paint("fill", this.fillStyle) });
  }

  fillText(text: string, x: number, y: number): void {
    this.write(text, x, y, this.paint("fill", this.fillStyle));
  }

  strokeText(text: string, x: number, y: number): void {
    this.write(text, x, y, { fill: "none", ...this.line() });
  }

  measureText(text: string): TextMetrics {
    return this.measure(this.font, text);
  }

  setLineDash(segments: Iterable<number>): void {
    this.dash = [...segments];
  }

  private write(text: string, x: number, y: number, look: Record<string, string>): void {
    const { zoom, textAlign, textBaseline } = this;
    const { weight, px, family } = fontOf(this.font);
    // Baselines other than the usual one are told apart by few readers of SVG.
    const [left = "", top = ""] = this.point(x, y + px * BASELINES[textBaseline]).split(" ");
    const anchor = ANCHORS[textAlign];
    const font = {
      "font-family": family,
      "font-size": rounded(px * zoom),
      "font-weight": weight,
      ...(anchor === "start" ? {} : { "text-anchor": anchor }),
    };
    this.put("text", { x: left, y: top, ...font, ...look }, escaped(text));
  }

  private line(): Record<string, string> {
    const { zoom, lineWidth, lineCap, lineJoin, dash } = this;
    return {
      ...this.paint("stroke", this.strokeStyle),
      "stroke-width": rounded(lineWidth * zoom),
      ...(lineCap === "butt" ? {} : { "stroke-linecap": lineCap }),
      ...(lineJoin === "miter" ? {} : { "stroke-linejoin": lineJoin }),
      ...(dash.length === 0
        ? {}
        : { "stroke-dasharray": dash.map((length) => rounded(length * zoom)).join(" ") }),
    };
  }

  private paint(part: "fill" | "stroke", style: Style): Record<string, string> {
    const { colour, alpha } = solid(typeof style === "string" ? style : "#888888");
    const opacity = alpha * this.globalAlpha;
    return { [part]: colour, ...(opacity < 1 ? { [`${part}-opacity`]: rounded(opacity, 3) } : {}) };
  }

  private put(tag: string, attributes: Record<string, string>, inside?: string): void {
    if (attributes.d === "") return;
    const written = Object.entries(attributes).map(
      ([name, value]) => `${name}="${escaped(value)}"`,
    );
    const open = `<${tag} ${written.join(" ")}`;
    this.elements.push(inside === undefined ? `${open}/>` : `${open}>${inside}</${tag}>`);
  }

  private point(x: number, y: number): string {
    const { zoom, dx, dy } = this;
    return `${rounded(x * zoom + dx)} ${rounded(y * zoom + dy)}`;
  }
}

/** How far below a text's `y` its usual baseline lies, in font sizes. */
const BASELINES: Readonly<Record<CanvasTextBaseline, number>> = {
  alphabetic: 0,
  ideographic: 0,
  bottom: -0.2,
  middle: 0.35,
  hanging: 0.75,
  top: 0.85,
};

const ANCHORS: Readonly<Record<CanvasTextAlign, "start" | "middle" | "end">> = {
  left: "start",
  start: "start",
  center: "middle",
  right: "end",
  end: "end",
};

/** "600 12px Inter, sans-serif" in its parts. */
function fontOf(font: string): { weight: string; px: number; family: string } {
  const [, weight, px, family] = /^(?:(\d+) )?([\d.e-]+)px (.*)$/.exec(font) ?? [];
  return { weight: weight ?? "400", px: Number(px ?? 10), family: family ?? "sans-serif" };
}

/** A colour without its share of transparency, which older readers of SVG know only as opacity. */
export function solid(text: string): { colour: string; alpha: number } {
  if (/^#[\da-f]{8}$/i.test(text)) {
    return { colour: text.slice(0, 7), alpha: parseInt(text.slice(7), 16) / 255 };
  }
  const [, red, green, blue, alpha] =
    /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)\s*(?:[/,]\s*([\d.]+%?)\s*)?\)$/.exec(text) ??
    [];
  if (red === undefined) return { colour: text, alpha: 1 };
  const share = alpha === undefined ? 1 : parseFloat(alpha) / (alpha.endsWith("%") ? 100 : 1);
  return { colour: `rgb(${red},${green},${blue})`, alpha: share };
}

function rounded(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)));
}

const MEANT: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as XML: names come from whoever sent the telemetry. */
export function escaped(text: string): string {
  return (
    text
      // XML knows no other controls, not even escaped.
      .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
      .replace(/[&<>"]/g, (character) => MEANT[character] ?? "")
  );
}
