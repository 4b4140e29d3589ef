import {
  EdgeAnimationSpeed,
  type EdgeModel,
  EdgeStyle,
  type Model,
  type NodeModel,
  NodeShape,
  NodeStatus,
} from "@patternfly/react-topology";
import type { Edge, Node } from "../../../frontend/src/wire/types";
import type { Mesh } from "./mesh";

/** As in Kiali. */
const NODE_PX = 40;
/** Requests a second from which an edge's dashes move faster. */
const FASTER: readonly (readonly [number, EdgeAnimationSpeed])[] = [
  [100, EdgeAnimationSpeed.fast],
  [10, EdgeAnimationSpeed.mediumFast],
  [1, EdgeAnimationSpeed.medium],
  [0.1, EdgeAnimationSpeed.mediumSlow],
  [0, EdgeAnimationSpeed.slow],
];

/**
 * The whole mesh as the library wants it. Without the boxes round namespaces that Kiali has: they
 * make dagre slower, and the grid knows none.
 */
export function modelOf(mesh: Mesh, isMoving: boolean): Model {
  return {
    nodes: [...mesh.nodes.values()].map(nodeModel),
    edges: [...mesh.edges.values()].map((edge) => edgeModel(edge, isMoving)),
  };
}

function nodeModel(node: Node): NodeModel {
  return {
    id: node.id,
    type: "node",
    label: node.name,
    width: NODE_PX,
    height: NODE_PX,
    shape: node.kind === "service" ? NodeShape.rhombus : NodeShape.circle,
    status: statusOf(node),
    data: node,
  };
}

function edgeModel(edge: Edge, isMoving: boolean): EdgeModel {
  return {
    id: edge.id,
    type: "edge",
    source: edge.source,
    target: edge.target,
    edgeStyle: isMoving ? EdgeStyle.dashedMd : EdgeStyle.solid,
    animationSpeed: isMoving ? speedOf(edge) : EdgeAnimationSpeed.none,
    data: { status: statusOf(edge) },
  };
}

function statusOf({ health }: Node | Edge): NodeStatus {
  if (health === "failing") return NodeStatus.danger;
  if (health === "degraded") return NodeStatus.warning;
  return health === "healthy" ? NodeStatus.success : NodeStatus.default;
}

function speedOf(edge: Edge): EdgeAnimationSpeed {
  // Plain TCP has no requests, but its dashes move too.
  const rps = edge.rps ?? 1;
  if (rps === 0) return EdgeAnimationSpeed.none;
  return FASTER.find(([least]) => rps >= least)?.[1] ?? EdgeAnimationSpeed.slow;
}
