import { Dots } from "./dots";
import { COLOURS, type Flows } from "./flows";

export interface Camera {
  /** Zoom, and where the graph's origin is on the screen in pixels. */
  k: number;
  x: number;
  y: number;
}

/** What the page says to whoever draws the dots. */
export type Order =
  | { kind: "canvas"; canvas: OffscreenCanvas }
  | { kind: "size"; width: number; height: number; ratio: number }
  | { kind: "camera"; camera: Camera }
  | { kind: "flows"; flows: Flows }
  | { kind: "colours"; request: string; tcp: string; error: string }
  | { kind: "motion"; on: boolean };

/** Where the dots of each colour are: x and y by turns. */
type Places = Record<"request" | "tcp" | "error", number[]>;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** From farther away the dots would only blur the lines. */
const SEEN_FROM = 0.18;
// Round dots look better; above this many, squares keep the frame rate.
const ROUND_UP_TO = 900;
const MOST_DOTS = 4_000;

/** Frames further apart than this are late; so many in a row that are, on average, are too much. */
const LATE_MS = 70;
const ENOUGH = 90;
/** A longer gap is no late frame but a page that was hidden. */
const HIDDEN_MS = 1_000;

/** Watches how far frames are apart. */
class Pace {
  private sum = 0;
  private count = 0;

  /** True once when the last frames were late. */
  isLate(ms: number): boolean {
    if (ms > HIDDEN_MS) return false;
    this.sum += ms;
    this.count += 1;
    if (this.count < ENOUGH) return false;
    const isLate = this.sum > LATE_MS * ENOUGH;
    this.sum = this.count = 0;
    return isLate;
  }
}

/** Draws the moving dots on its own canvas; runs in a worker, or on the page where it must. */
export class Player {
  private readonly dots: Dots;
  private context: Context | null = null;
  private camera: Camera = { k: 1, x: 0, y: 0 };
  private ratio = 1;
  private colours = { request: "#888", tcp: "#888", error: "#888" };
  private moving = false;
  private scheduled = false;
  private last = 0;
  private readonly pace = new Pace();

  /** `late` is called when frames come so late that dots would rather jerk than move. */
  constructor(
    most = MOST_DOTS,
    private readonly late: () => void = () => undefined,
  ) {
    this.dots = new Dots(most);
  }

  take(order: Order): void {
    switch (order.kind) {
      case "canvas":
        this.context = order.canvas.getContext("2d");
        break;
      case "size":
        this.resize(order.width, order.height, order.ratio);
        break;
      case "camera":
        this.camera = order.camera;
        break;
      case "flows":
        this.dots.set(order.flows);
        break;
      case "colours":
        this.colours = order;
        break;
      case "motion":
        this.moving = order.on;
        break;
    }
    this.schedule();
  }

  /** For drawing on the page's own canvas, where no worker can have it. */
  useContext(context: CanvasRenderingContext2D | null): void {
    this.context = context;
  }

  private resize(width: number, height: number, ratio: number): void {
    this.ratio = ratio;
    if (this.context === null) return;
    this.context.canvas.width = Math.round(width * ratio);
    this.context.canvas.height = Math.round(height * ratio);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  private frame(now: number): void {
    this.scheduled = false;
    // A hidden page draws no frames; its dots must not leap when it comes back.
    const seconds = Math.min(0.1, (now - this.last) / 1000);
    // Frames that nobody could tell apart are not worth the battery.
    const isSeen = this.camera.k >= SEEN_FROM;
    if (this.moving && isSeen && this.pace.isLate(now - this.last)) this.late();
    this.last = now;
    if (this.moving) this.dots.step(seconds);
    this.draw(isSeen);
    if (this.moving && isSeen) this.schedule();
  }

  private draw(isSeen: boolean): void {
    const { context: ctx, camera, ratio } = this;
    if (ctx === null) return;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    if (!isSeen) return;
    const k = camera.k * ratio;
    ctx.setTransform(k, 0, 0, k, camera.x * ratio, camera.y * ratio);
    const size = 2.1 / Math.min(1, Math.sqrt(camera.k));
    const { request, tcp, error } = this.inSight(ctx.canvas, 2 * size);
    // A thousand dots on a small picture are fog; they thin out like the lines under them.
    const count = this.dots.count;
    ctx.globalAlpha = count > ROUND_UP_TO ? Math.min(1, 0.2 + camera.k) : 1;
    const fillRequests = count <= ROUND_UP_TO ? fillRound : fillSquares;
    fillRequests(ctx, this.colours.request, request, size);
    fillSquares(ctx, this.colours.tcp, tcp, size * 0.85);
    fillDiamonds(ctx, this.colours.error, error, size * 1.5);
  }

  /** The dots that are on the screen, or no farther than `reach` from it. */
  private inSight({ width, height }: Context["canvas"], reach: number): Places {
    const { k, x: left, y: top } = this.camera;
    const [x0, y0] = [-left / k - reach, -top / k - reach];
    const x1 = (width / this.ratio - left) / k + reach;
    const y1 = (height / this.ratio - top) / k + reach;
    const found: Places = { request: [], tcp: [], error: [] };
    this.dots.each((x, y, bad, colour) => {
      const kind = COLOURS[colour] ?? "hidden";
      if (kind === "hidden" || x < x0 || x > x1 || y < y0 || y > y1) return;
      found[bad ? "error" : kind].push(x, y);
    });
    return found;
  }
}

type Fill = (ctx: Context, style: string, places: readonly number[], size: number) => void;

// Thousands of squares in one path have to be sorted before they can be filled: by themselves they
// need not, which costs the worker less.
const fillSquares: Fill = (ctx, style, places, size) => {
  ctx.fillStyle = style;
  for (let i = 0; i < places.length; i += 2) {
    ctx.fillRect((places[i] ?? 0) - size, (places[i + 1] ?? 0) - size, 2 * size, 2 * size);
  }
};

const fillRound: Fill = (ctx, style, places, size) => {
  fillTogether(ctx, style, places, (x, y) => {
    ctx.moveTo(x + size, y);
    ctx.arc(x, y, size, 0, 2 * Math.PI);
  });
};

/** Errors have another shape as well, for those who cannot tell red. */
const fillDiamonds: Fill = (ctx, style, places, size) => {
  fillTogether(ctx, style, places, (x, y) => {
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
  });
};

function fillTogether(
  ctx: Context,
  style: string,
  places: readonly number[],
  trace: (x: number, y: number) => void,
): void {
  ctx.beginPath();
  for (let i = 0; i < places.length; i += 2) trace(places[i] ?? 0, places[i + 1] ?? 0);
  ctx.fillStyle = style;
  ctx.fill();
}
