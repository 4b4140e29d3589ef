/** Names for the parts of the wire types that the page speaks about. */
import type {
  Delta,
  Edge,
  ErrorFrame,
  Node,
  Snapshot,
  SourceStatus,
  Status,
  ViewRequest,
} from "../wire/types";

export type {
  Edge,
  Latency,
  Mtls,
  Node,
  NodeResponse,
  Side,
  SourceStatus,
  Rates,
  Queries,
  Query,
} from "../wire/types";
export type Frame = Snapshot | Delta | Status;
export type ServerMessage = Frame | ErrorFrame;
export type GraphType = ViewRequest["graph_type"];
export type Health = Node["health"];
export type NodeKind = Node["kind"];
export type Protocol = Edge["protocol"];
export type MtlsState = Edge["mtls"]["state"];
export type SourceReason = NonNullable<SourceStatus["reason"]>;

export const GRAPH_TYPES = [
  "workload",
  "app",
  "versioned_app",
  "service",
  "namespace",
] as const satisfies readonly GraphType[];

/** Worst first: the order of lists and of what is drawn on top. */
export const HEALTHS = [
  "failing",
  "degraded",
  "healthy",
  "idle",
  "unknown",
] as const satisfies readonly Health[];
