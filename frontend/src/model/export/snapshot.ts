import type { Snapshot } from "../../wire/types";
import type { Mesh } from "../mesh";

/** The picture as the API gives it (`GET /api/v1/graph`), less what a filter leaves out. */
export function snapshotOf(picture: Mesh): Snapshot | null {
  if (picture.source === null) return null;
  return {
    type: "snapshot",
    protocol: 1,
    epoch: picture.epoch,
    seq: picture.seq,
    at: picture.at,
    window_s: picture.windowS,
    graph_type: picture.graphType,
    overview: picture.overview,
    scope: [...picture.scope],
    perspective: picture.perspective,
    idle: picture.idle,
    waypoints: picture.waypoints,
    operations: picture.operations,
    collapsed: [...picture.collapsed],
    namespaces: [...picture.namespaces],
    source: picture.source,
    nodes: [...picture.nodes.values()],
    edges: [...picture.edges.values()],
  };
}
