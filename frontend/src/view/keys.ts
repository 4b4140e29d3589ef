import type { Direction } from "./navigate";
import type { Stage } from "./stage";

const STEPS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const PAN_PX = 90;
const PANS: Readonly<Record<Direction, { x: number; y: number }>> = {
  left: { x: PAN_PX, y: 0 },
  right: { x: -PAN_PX, y: 0 },
  up: { x: 0, y: PAN_PX },
  down: { x: 0, y: -PAN_PX },
};

/** The keys that steer the picture while it has the focus; and undo, while nobody types. */
export function listenToKeys(host: HTMLElement, stage: Stage): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  host.addEventListener("keydown", (event) => steer(event, stage), { signal });
  document.addEventListener("keydown", (event) => takeBack(event, stage), { signal });
  return () => controller.abort();
}

function steer(event: KeyboardEvent, stage: Stage): void {
  const way = STEPS[event.key];
  if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (event.shiftKey) stage.pan(PANS[way]);
  else stage.step(way);
}

function takeBack(event: KeyboardEvent, stage: Stage): void {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (!isCommand || (key !== "z" && key !== "y") || isTyping(event.target)) return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) stage.redo();
  else stage.undo();
}

/** Texts have an undo of their own. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, dialog[open]") !== null;
}
