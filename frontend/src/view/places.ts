import type { Point } from "../lib/curve";
import { Glide } from "./glide";
import { LayoutClient } from "./layout/client";
import { Memory, keepNewest, memoryKey } from "./layout/memory";
import type { DrawnNode, Scene } from "./scene";

/** Keeps every node at its place: remembered, laid out by the worker, or put there by hand. */
export class Places {
  private readonly glide = new Glide();
  private readonly client: LayoutClient;
  private memory = new Memory("meshviz.places.none");
  private shown = "";

  constructor(
    private readonly scene: Scene,
    private readonly on: {
      /** Nodes moved a step on their way. */
      moving(): void;
      /** All nodes are where they stay. */
      settled(): void;
      calm(): boolean;
    },
  ) {
    this.client = new LayoutClient((nodes, places) => this.settle(nodes, places));
  }

  /**
   * Every graph type has a memory of its own: its nodes have other ids and another order. So has
   * every scope, which starts with the places of the whole picture where those are known.
   */
  useView(graphType: string, scope: readonly string[]): void {
    const key = memoryKey(graphType, scope);
    if (key === this.shown) return;
    this.shown = key;
    const whole = scope.length === 0 ? null : new Memory(memoryKey(graphType, []));
    this.memory = new Memory(key, whole);
    if (scope.length > 0) keepNewest(key);
  }

  /** Find places for nodes that have none. */
  arrange(): void {
    this.glide.cancel();
    this.client.request(this.scene, this.memory);
  }

  /** Forget all places and lay everything out anew. */
  tidy(): void {
    this.memory.clear();
    this.arrange();
  }

  /** Remember that a node was put here by hand. */
  pin(node: DrawnNode): void {
    this.memory.touched = true;
    this.memory.set(node.id, node);
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
    });
    if (!glides) return this.on.settled();
    this.glide.run(asked, targets, { step: () => this.on.moving(), end: () => this.on.settled() });
  }
}

/** Whole numbers, as they are remembered: a reload shows the very same picture. */
function rounded(x: number, y: number): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
