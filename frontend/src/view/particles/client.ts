import { type Order, Player } from "./player";

// The page's own thread has other things to do as well.
const MOST_ON_PAGE = 600;

/** Where orders for the dots go: to the worker, or to a player on the page. */
export interface Particles {
  tell(order: Order): void;
  stop(): void;
}

/**
 * Give `canvas` to the dots. They move in a worker wherever the browser can draw in one; `late` is
 * called when frames come too late to look like motion.
 */
export function startParticles(canvas: HTMLCanvasElement, late: () => void): Particles {
  return "transferControlToOffscreen" in canvas ? inWorker(canvas, late) : onPage(canvas, late);
}

function inWorker(canvas: HTMLCanvasElement, late: () => void): Particles {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = () => late();
  const offscreen = canvas.transferControlToOffscreen();
  worker.postMessage({ kind: "canvas", canvas: offscreen } satisfies Order, [offscreen]);
  return {
    tell: (order) => {
      worker.postMessage(order, order.kind === "flows" ? [order.flows.data.buffer] : []);
    },
    stop: () => worker.terminate(),
  };
}

function onPage(canvas: HTMLCanvasElement, late: () => void): Particles {
  const player = new Player(MOST_ON_PAGE, late);
  player.useContext(canvas.getContext("2d"));
  return {
    tell: (order) => player.take(order),
    stop: () => player.take({ kind: "motion", on: false }),
  };
}
