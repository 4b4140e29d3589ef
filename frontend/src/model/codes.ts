import type { Protocol } from "./entities";
import { UNKNOWN } from "./format";

/** gRPC's status names by their number. */
const GRPC = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** A response code as people say it; null where no response came at all. */
export function codeName(code: string, protocol: Protocol): string | null {
  // Connections have no codes; "-" is what Istio writes where there is none.
  if (protocol === "tcp") return UNKNOWN;
  if (protocol !== "grpc") return code === "0" ? null : code;
  const name = /^\d+$/.test(code) ? GRPC[Number(code)] : undefined;
  return name === undefined ? code : `${name} (${code})`;
}
