import { clamp } from "../../lib/numbers";
import type { Edge } from "../../model/entities";
import type { Focus } from "../focus";
import type { Scene } from "../scene";

/** The numbers of one flow in the packed array: eight of the curve, then these. */
export const STRIDE = 13;
export const LENGTH = 8;
export const RATE = 9;
export const ERRORS = 10;
export const SPEED = 11;
export const COLOUR = 12;

/** What a flow's dots look like; `hidden` flows go on unseen. */
export const COLOURS = ["request", "tcp", "hidden"] as const;

/** Flows ready to be handed to another thread. */
export interface Flows {
  keys: string[];
  data: Float32Array;
}

/** Pack every edge that has traffic: its line, how many dots a second, how fast, how many red. */
export function packFlows(scene: Scene, focus: Focus | null): Flows {
  const edges = [...scene.edges.values()].filter(
    ({ edge, source, target }) => source.placed && target.placed && dotsPerSecond(edge) > 0,
  );
  const data = new Float32Array(edges.length * STRIDE);
  edges.forEach((drawn, i) => {
    const at = i * STRIDE;
    data.set(drawn.curve, at);
    data[at + LENGTH] = drawn.length;
    data[at + RATE] = dotsPerSecond(drawn.edge);
    data[at + ERRORS] = drawn.edge.error_ratio ?? 0;
    data[at + SPEED] = speed(drawn.edge);
    const isHidden = focus !== null && !focus.edges.has(drawn.id);
    data[at + COLOUR] = isHidden ? 2 : drawn.edge.protocol === "tcp" ? 1 : 0;
  });
  return { keys: edges.map((drawn) => drawn.id), data };
}

/** Dots grow with the logarithm of the traffic: 1 rps is one a second, 100 rps ten. */
export function dotsPerSecond(edge: Edge): number {
  const bytes = ((edge.received_bps ?? 0) + (edge.sent_bps ?? 0)) / 4_000;
  const amount = edge.rps ?? bytes;
  return amount <= 0 ? 0 : Math.min(14, 2.2 * Math.log2(1 + amount / 2.2));
}

/** Slow answers travel slowly: 120 units a second up to 10 ms, 22 from about 10 s on. */
export function speed(edge: Edge): number {
  const ms = edge.latency_ms.avg ?? 10;
  return clamp(120 - 33 * Math.log10(Math.max(10, ms) / 10), 22, 120);
}
