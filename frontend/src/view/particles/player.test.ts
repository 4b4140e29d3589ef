import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { packFlows } from "./flows";
import { Player } from "./player";

/** A context that notes what is filled, and how often a dot was traced for it. */
class NotedContext {
  readonly canvas = { width: 0, height: 0 };
  readonly filled: { colour: string; dots: number }[] = [];
  fillStyle = "";
  globalAlpha = 1;
  private dots = 0;

  setTransform = () => undefined;
  clearRect = () => void this.filled.splice(0);
  beginPath = () => void (this.dots = 0);
  moveTo = () => undefined;
  lineTo = () => undefined;
  arc = () => void (this.dots += 1);
  fillRect = () => void this.filled.push({ colour: this.fillStyle, dots: 1 });
  closePath = () => void (this.dots += 1);
  fill = () => void this.filled.push({ colour: this.fillStyle, dots: this.dots });

  count(colour: string): number {
    const noted = this.filled.filter((each) => each.colour === colour);
    return noted.reduce((sum, { dots }) => sum + dots, 0);
  }
}

let context: NotedContext;
let player: Player;
let frames: ((now: number) => void)[];

/** Let the browser draw one frame; false when the player wanted none. */
function draw(now: number): boolean {
  const due = frames.splice(0);
  for (const frame of due) frame(now);
  return due.length > 0;
}

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: (now: number) => void) => frames.push(frame));
  context = new NotedContext();
  player = new Player();
  player.useContext(context as unknown as CanvasRenderingContext2D);
  player.take({ kind: "size", width: 800, height: 600, ratio: 1 });
  player.take({ kind: "camera", camera: { k: 1, x: 0, y: 300 } });
  player.take({ kind: "colours", request: "green", tcp: "blue", error: "red" });
  const made = scene(
    [node("a"), node("b")],
    [
      edge("a", "b", { rps: 50, error_ratio: 0.5 }),
      edge("b", "a", { protocol: "tcp", rps: null, sent_bps: 1e6 }),
    ],
    { a: [0, 0], b: [400, 0] },
  );
  player.take({ kind: "flows", flows: packFlows(made, null) });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the player", () => {
  it("draws requests, failures and TCP each in their colour", () => {
    draw(0);

    expect(context.count("green")).toBeGreaterThan(5);
    expect(context.count("blue")).toBeGreaterThan(5);
    expect(Math.abs(context.count("red") - context.count("green"))).toBeLessThanOrEqual(2);
  });

  it("draws on by itself only while there is motion", () => {
    draw(0);
    expect(draw(16)).toBe(false);

    player.take({ kind: "motion", on: true });
    expect(draw(32)).toBe(true);
    expect(draw(48)).toBe(true);

    player.take({ kind: "motion", on: false });
    draw(64);
    expect(draw(80)).toBe(false);
  });

  it("draws no dots beside the screen", () => {
    draw(0);
    const all = context.count("green");

    player.take({ kind: "camera", camera: { k: 2, x: 0, y: 300 } });
    draw(16);
    expect(context.count("green")).toBe(all);

    player.take({ kind: "camera", camera: { k: 4, x: 0, y: 300 } });
    draw(32);
    expect(context.count("green")).toBeLessThan(all * 0.7);
    expect(context.count("green")).toBeGreaterThan(all * 0.3);

    player.take({ kind: "camera", camera: { k: 1, x: -900, y: 300 } });
    draw(48);
    expect(context.count("green")).toBe(0);
  });

  it("shows nothing from very far", () => {
    player.take({ kind: "camera", camera: { k: 0.1, x: 0, y: 0 } });
    draw(0);

    expect(context.filled).toEqual([]);
  });

  it("draws no frames by itself while nothing could be seen, and goes on from near", () => {
    player.take({ kind: "motion", on: true });
    player.take({ kind: "camera", camera: { k: 0.1, x: 0, y: 0 } });
    draw(0);
    expect(draw(16)).toBe(false);

    player.take({ kind: "camera", camera: { k: 0.5, x: 0, y: 0 } });
    expect(draw(32)).toBe(true);
    expect(draw(48)).toBe(true);
    expect(context.count("green")).toBeGreaterThan(5);
  });

  it("keeps the canvas as sharp as the screen", () => {
    player.take({ kind: "size", width: 300, height: 200, ratio: 2 });

    expect(context.canvas).toEqual({ width: 600, height: 400 });
  });
});
