import type { Point } from "../lib/curve";
import { USUAL_LOOKS } from "../model/looks";
import { Glide } from "./glide";
import { History } from "./history";
import { LayoutClient } from "./layout/client";
import type { Saved } from "./layout/keepsake";
import { type Kept, Memory, type Subject, keepNewest, memoryKey } from "./layout/memory";
import type { DrawnNode, Scene } from "./scene";

/** Keeps every node at its place: remembered, laid out by the worker, or put there by hand. */
export class Places {
  private readonly glide = new Glide();
  private readonly client: LayoutClient;
  private readonly history = new History();
  private memory = new Memory("meshviz.places.none");
  private key = "";
  private subject: Subject | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly on: {
      /** Nodes moved a step on their way. */
      moving(): void;
      /** All nodes are where they stay. */
      settled(): void;
      calm(): boolean;
      /** The node that somebody looks at, for a layout that goes round it. */
      centre(): string | null;
    },
  ) {
    this.client = new LayoutClient((nodes, places) => this.settle(nodes, places));
  }

  /**
   * Every picture has a memory of its own: other nodes, or the same in another order. Scopes
   * start with the places of the whole picture where those are known. True when it is another one.
   */
  useView(subject: Subject): boolean {
    const key = memoryKey(subject);
    if (key === this.key) return false;
    this.key = key;
    this.subject = subject;
    // The next one may read what this one is about to write.
    this.memory.saveNow();
    const isWhole = subject.scope.length === 0;
    const whole = isWhole ? null : new Memory(memoryKey({ ...subject, scope: [] }));
    this.memory = new Memory(key, whole);
    if (!isWhole || subject.focus !== null) keepNewest(key);
    return true;
  }

  /** Find places for nodes that have none. */
  arrange(): void {
    this.glide.cancel();
    const layout = this.subject?.layout ?? USUAL_LOOKS.layout;
    this.client.request(this.scene, this.memory, layout, this.on.centre());
  }

  /** Where a node would best stand that nobody has put anywhere, or that was never placed at all. */
  suggest(id: string, place: Point, onlyNew: boolean): void {
    const isFree = onlyNew ? this.memory.get(id) === null : !this.memory.isPinned(id);
    if (isFree) this.memory.set(id, place);
  }

  /** Forget all places and lay everything out anew. */
  tidy(): void {
    this.history.add(this.key, this.memory.kept());
    this.memory.clear();
    this.arrange();
  }

  /** Take the last move of somebody back, or tidying up; false when there is none. */
  undo(): boolean {
    return this.goTo(this.history.undo(this.key, this.memory.kept()));
  }

  /** Do again what was taken back. */
  redo(): boolean {
    return this.goTo(this.history.redo(this.key, this.memory.kept()));
  }

  /** Where everything stands in this picture; null before the first one. */
  saved(): Saved | null {
    return this.subject === null ? null : { subject: this.subject, kept: this.memory.kept() };
  }

  /**
   * Put nodes where a saved view has them, and come back with undo. What stands so already stays,
   * with all that has come since. True when this changes the picture on screen.
   */
  open({ subject, kept }: Saved): boolean {
    const key = memoryKey(subject);
    const memory = key === this.key ? this.memory : new Memory(key);
    if (memory.isAt(kept)) return false;
    this.history.add(key, memory.kept());
    memory.restore({ ...kept, held: true });
    memory.saveNow();
    if (memory === this.memory) this.arrange();
    else if (subject.scope.length > 0) keepNewest(key);
    return memory === this.memory;
  }

  private goTo(kept: Kept | null): boolean {
    if (kept === null) return false;
    this.memory.restore(kept);
    this.arrange();
    return true;
  }

  /** Remember that a node was put here by hand. */
  pin(node: DrawnNode): void {
    this.history.add(this.key, this.memory.kept());
    this.memory.pin(node.id, node);
    node.pinned = true;
  }

  get isSettled(): boolean {
    return !this.client.isBusy && !this.glide.isRunning;
  }

  stop(): void {
    this.glide.cancel();
    this.client.stop();
  }

  private settle(asked: readonly DrawnNode[], places: Float32Array): void {
    const targets = asked.map((_, i) => rounded(places[2 * i] ?? 0, places[2 * i + 1] ?? 0));
    asked.forEach((node, i) => this.memory.set(node.id, targets[i] ?? node));
    const isMove = (node: DrawnNode, i: number) =>
      node.placed && Math.hypot(node.x - (targets[i]?.x ?? 0), node.y - (targets[i]?.y ?? 0)) > 1;
    const glides = asked.some(isMove) && !this.on.calm();
    asked.forEach((node, i) => {
      if (!glides || !node.placed) Object.assign(node, targets[i]);
      node.placed = true;
      node.pinned = this.memory.isPinned(node.id);
    });
    if (!glides) return this.on.settled();
    this.glide.run(asked, targets, { step: () => this.on.moving(), end: () => this.on.settled() });
  }
}

/** Whole numbers, as they are remembered: a reload shows the very same picture. */
function rounded(x: number, y: number): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
