import { type Order, Player } from "./player";

/** What the worker says: that it cannot keep up. */
export type Complaint = "late";

const player = new Player(undefined, () => globalThis.postMessage("late" satisfies Complaint));

globalThis.onmessage = ({ data }: MessageEvent<Order>) => {
  player.take(data);
};
