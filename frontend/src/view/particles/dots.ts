import { axisAt } from "../../lib/curve";
import { COLOUR, ERRORS, type Flows, LENGTH, RATE, SPEED, STRIDE } from "./flows";

interface Dot {
  /** Where on the line, 0..1. */
  t: number;
  bad: boolean;
}

interface Flow {
  at: number;
  /** Parts of a dot that are due, carried from frame to frame: no rate is ever rounded away. */
  due: number;
  badDue: number;
  dots: Dot[];
}

/** Called for every dot: position, whether it stands for an error, and the flow's colour. */
export type Visit = (x: number, y: number, bad: boolean, colour: number) => void;

/**
 * Dots that travel along the edges. Each flow emits at its rate; when a rate changes, dots that
 * are on their way go on as they were, so nothing jumps.
 */
export class Dots {
  private readonly flows = new Map<string, Flow>();
  private data: Float32Array = new Float32Array(0);
  /** The share of ordinary dots that fits under the cap. Flows with errors always get theirs. */
  private share = 1;

  constructor(private readonly most: number) {}

  set({ keys, data }: Flows): void {
    this.data = data;
    const gone = new Set(this.flows.keys());
    keys.forEach((key, i) => {
      gone.delete(key);
      const flow = this.flows.get(key);
      if (flow !== undefined) flow.at = i * STRIDE;
      else this.flows.set(key, this.primed(key, i * STRIDE));
    });
    for (const key of gone) this.flows.delete(key);
    this.share = this.fitting();
  }

  get count(): number {
    let sum = 0;
    for (const flow of this.flows.values()) sum += flow.dots.length;
    return sum;
  }

  step(seconds: number): void {
    for (const flow of this.flows.values()) {
      this.advance(flow, seconds);
      this.emit(flow, seconds);
    }
  }

  each(visit: Visit): void {
    for (const { at, dots } of this.flows.values()) {
      const colour = this.value(at, COLOUR);
      for (const { t, bad } of dots) {
        visit(axisAt(this.data, 0, t, at), axisAt(this.data, 1, t, at), bad, colour);
      }
    }
  }

  private value(at: number, field: number): number {
    return this.data[at + field] ?? 0;
  }

  /** A new flow starts with the dots that would be on their way already. */
  private primed(key: string, at: number): Flow {
    // Flows that start together must not pulse together; the key decides the phase.
    const flow: Flow = { at, due: (key.length * 0.37) % 1, badDue: 0.5, dots: [] };
    const travel = this.value(at, LENGTH) / Math.max(1, this.value(at, SPEED));
    const steps = 24;
    for (let i = 0; i < steps; i++) {
      this.advance(flow, travel / steps);
      this.emit(flow, travel / steps);
    }
    return flow;
  }

  private advance(flow: Flow, seconds: number): void {
    const way = this.value(flow.at, SPEED) / Math.max(1, this.value(flow.at, LENGTH));
    for (const dot of flow.dots) dot.t += way * seconds;
    if ((flow.dots[0]?.t ?? 0) >= 1) flow.dots = flow.dots.filter((dot) => dot.t < 1);
  }

  private emit(flow: Flow, seconds: number): void {
    const errors = this.value(flow.at, ERRORS);
    const share = errors > 0 ? 1 : this.share;
    const before = flow.due;
    flow.due += this.value(flow.at, RATE) * share * seconds;
    const way = this.value(flow.at, SPEED) / Math.max(1, this.value(flow.at, LENGTH));
    for (let n = Math.floor(flow.due); n > 0; n--) {
      flow.badDue += errors;
      const bad = flow.badDue >= 1;
      if (bad) flow.badDue -= 1;
      // Spread over the step, or a slow frame would send its dots in a bunch.
      const late = (n - 1 + (flow.due % 1)) / Math.max(1e-9, flow.due - before);
      flow.dots.push({ t: Math.min(0.99, Math.max(0, late) * way * seconds), bad });
    }
    flow.due %= 1;
  }

  private fitting(): number {
    let ordinary = 0;
    let failing = 0;
    for (const { at } of this.flows.values()) {
      const travel = this.value(at, LENGTH) / Math.max(1, this.value(at, SPEED));
      const dots = this.value(at, RATE) * travel;
      if (this.value(at, ERRORS) > 0) failing += dots;
      else ordinary += dots;
    }
    return ordinary === 0 ? 1 : Math.min(1, Math.max(0, this.most - failing) / ordinary);
  }
}
