import type { Resync, ViewRequest } from "../wire/types";
import type { ServerMessage } from "../model/entities";
import { assertNever } from "../lib/assert";

export type ClientMessage = ViewRequest | Resync;

const TYPES: readonly ServerMessage["type"][] = ["snapshot", "delta", "status", "error"];

/** True for a message of a known type; a newer server may send others, which are passed over. */
export function isServerMessage(data: unknown): data is ServerMessage {
  if (typeof data !== "object" || data === null || !("type" in data)) return false;
  return TYPES.some((type) => type === data.type);
}

/** Hand the message to the handler of its type. */
export function dispatch(
  message: ServerMessage,
  on: {
    frame(frame: Exclude<ServerMessage, { type: "error" }>): void;
    error(error: Extract<ServerMessage, { type: "error" }>): void;
  },
): void {
  switch (message.type) {
    case "snapshot":
    case "delta":
    case "status":
      return on.frame(message);
    case "error":
      return on.error(message);
    default:
      assertNever(message);
  }
}
