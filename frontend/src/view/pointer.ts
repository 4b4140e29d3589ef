import type { Point } from "../lib/curve";
import type { Selection } from "../model/page";
import type { DrawnNode } from "./scene";

const CLICK_REACH_PX = 4;
/** How long a finger rests on something to ask what it is. */
const LONG_PRESS_MS = 500;
/** How long after a click the picture holds still: a second click may make it a double click. */
export const DOUBLE_CLICK_MS = 350;

export interface PointerEvents {
  hitAt(screen: Point): Selection;
  nodeOf(selection: Selection): DrawnNode | null;
  toGraph(screen: Point): Point;
  hovered(selection: Selection): void;
  clicked(selection: Selection, screen: Point): void;
  opened(selection: Selection): void;
  dragged(node: DrawnNode): void;
  dropped(node: DrawnNode): void;
  panned(): void;
}

interface Press {
  start: Point;
  target: Selection;
  node: DrawnNode | null;
  /** Where the node stood. */
  from: Point;
  /** From the pointer to the node's centre, so that a node does not jump to the pointer. */
  offset: Point;
  moved: boolean;
  /** True once a finger has rested long enough: then it is no click. */
  held: boolean;
}

/** Hover, click, double click and drag on the canvas; panning and wheel stay with force-graph. */
export function listenToPointer(host: HTMLElement, on: PointerEvents): () => void {
  const controller = new AbortController();
  const capture = { capture: true, signal: controller.signal };
  const plain = { signal: controller.signal };
  let press: Press | null = null;

  const at = (event: MouseEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  let holding: ReturnType<typeof setTimeout> | undefined;
  const holdSoon = (own: Press) => {
    clearTimeout(holding);
    holding = setTimeout(() => {
      if (press !== own || own.moved) return;
      own.held = true;
      on.hovered(own.target);
    }, LONG_PRESS_MS);
  };
  const letGo = () => {
    clearTimeout(holding);
    press = null;
  };

  host.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const isTouch = event.pointerType === "touch";
      // What a finger asked about is over with the next touch.
      if (isTouch) on.hovered(null);
      // A second finger makes it a pinch, which is the camera's, wherever the first one is.
      if (!event.isPrimary) {
        if (press !== null) putBack(press, on);
        letGo();
        on.panned();
        return;
      }
      press = pressAt(at(event), on);
      if (isTouch) holdSoon(press);
      if (press.node !== null) host.setPointerCapture(event.pointerId);
    },
    capture,
  );
  // Whoever holds a node must not move the whole picture with it. The camera does learn that a
  // finger is there: with a second one it is a pinch.
  const keepFromPanning = (event: Event) => {
    if (!press?.node) return;
    event.stopPropagation();
    // Else the browser would take it for a wish to scroll, and the pinch would get no word in.
    if (event.type === "touchmove" && event.cancelable) event.preventDefault();
  };
  host.addEventListener("mousedown", keepFromPanning, capture);
  host.addEventListener("touchmove", keepFromPanning, { ...capture, passive: false });

  host.addEventListener(
    "pointermove",
    (event) => {
      if (press !== null) move(press, at(event), on);
      // Fingers that move on after a pinch ask about nothing.
      else if (event.pointerType !== "touch") hover(at(event));
    },
    plain,
  );
  const hover = (point: Point) => {
    const target = on.hitAt(point);
    host.classList.toggle("pointing", target !== null);
    on.hovered(target);
  };
  // d3-zoom ends its gesture on the window, so does ours.
  window.addEventListener(
    "pointerup",
    () => {
      if (press !== null) release(press, on);
      letGo();
    },
    plain,
  );
  host.addEventListener("pointercancel", letGo, plain);
  host.addEventListener(
    "contextmenu",
    (event) => {
      // A finger that rests opens no menu of the browser.
      if (press !== null) event.preventDefault();
    },
    plain,
  );
  host.addEventListener(
    "pointerleave",
    (event) => {
      // What a finger asked about stays until it touches something else.
      if (event.pointerType !== "touch") on.hovered(null);
    },
    plain,
  );
  host.addEventListener("dblclick", (event) => on.opened(on.hitAt(at(event))), plain);
  // Before d3-zoom, which lets nobody else hear of the wheel.
  const zoom = () => {
    // What was under the pointer slips away from it.
    on.hovered(null);
    on.panned();
  };
  host.addEventListener("wheel", zoom, { ...capture, passive: true });
  return () => controller.abort();
}

function pressAt(start: Point, on: PointerEvents): Press {
  const target = on.hitAt(start);
  const node = on.nodeOf(target);
  const point = on.toGraph(start);
  const offset = node === null ? point : { x: node.x - point.x, y: node.y - point.y };
  const from = { x: node?.x ?? 0, y: node?.y ?? 0 };
  return { start, target, node, from, offset, moved: false, held: false };
}

function move(press: Press, point: Point, on: PointerEvents): void {
  const far = Math.hypot(point.x - press.start.x, point.y - press.start.y);
  if (!press.moved && far < CLICK_REACH_PX) return;
  press.moved = true;
  if (press.node === null) return on.panned();
  const to = on.toGraph(point);
  press.node.x = to.x + press.offset.x;
  press.node.y = to.y + press.offset.y;
  on.dragged(press.node);
}

/** Undo what a finger did that turned out to be one of two. */
function putBack({ node, from, moved }: Press, on: PointerEvents): void {
  if (node === null || !moved) return;
  Object.assign(node, from);
  on.dragged(node);
}

function release(press: Press, on: PointerEvents): void {
  if (press.moved && press.node !== null) on.dropped(press.node);
  else if (!press.moved && !press.held) on.clicked(press.target, press.start);
}
