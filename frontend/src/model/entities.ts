/** Names for the parts of the wire types that the page speaks about. */
import type {
  Check,
  Delta,
  Edge,
  ErrorFrame,
  Node,
  Snapshot,
  SourceFacts,
  SourceStatus,
  Status,
  ViewRequest,
} from "../wire/types";

export type {
  Check,
  Diagnosis,
  Distribution,
  DistributionSide,
  Edge,
  Gap,
  History,
  Latency,
  MeshvizStatus,
  Mtls,
  Node,
  NodeResponse,
  Overview,
  Side,
  SourceFacts,
  SourceStatus,
  Rates,
  Queries,
  Query,
  Series,
} from "../wire/types";
export type Frame = Snapshot | Delta | Status;
export type ServerMessage = Frame | ErrorFrame;
export type GraphType = ViewRequest["graph_type"];
export type Health = Node["health"];
export type NodeKind = Node["kind"];
export type Protocol = Edge["protocol"];
export type MtlsState = Edge["mtls"]["state"];
export type Perspective = Snapshot["perspective"];
export type Reporter = Edge["reporter"];
export type CheckState = Check["state"];
export type Era = SourceFacts["eras"][number]["era"];
export type SourceReason = NonNullable<SourceStatus["reason"]>;

export const GRAPH_TYPES = [
  "workload",
  "app",
  "versioned_app",
  "service",
  "namespace",
] as const satisfies readonly GraphType[];

export const PERSPECTIVES = ["auto", "server", "client"] as const satisfies readonly Perspective[];

/** Worst first: the order of lists and of what is drawn on top. */
export const HEALTHS = [
  "failing",
  "degraded",
  "healthy",
  "idle",
  "unknown",
] as const satisfies readonly Health[];
