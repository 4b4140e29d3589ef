import {
  BaseEdge,
  type ComponentFactory,
  DagreLayout,
  DefaultEdge,
  DefaultNode,
  type Edge,
  type ElementFactory,
  type GraphElement,
  GraphComponent,
  GridLayout,
  type LayoutFactory,
  ModelKind,
  type Node,
  type NodeStatus,
  observer,
  ScaleDetailsLevel,
  withDragNode,
  withPanZoom,
  withSelection,
} from "@patternfly/react-topology";
import type { ComponentType } from "react";

interface Drawn<E extends GraphElement> {
  element: E;
}

/** Kiali's level of detail: names only from near, health as the shape's colour from far. */
const StyledNode = observer(({ element, ...rest }: Drawn<Node>) => {
  const isNear = element.getGraph().getDetailsLevel() === ScaleDetailsLevel.high;
  return (
    <DefaultNode element={element} showLabel={isNear} showStatusBackground={!isNear} {...rest} />
  );
});

const StyledEdge = observer(({ element, ...rest }: Drawn<Edge>) => {
  const { status } = element.getData() as { status: NodeStatus };
  return <DefaultEdge element={element} endTerminalStatus={status} {...rest} />;
});

const selectable = withSelection({ multiSelect: false, controlled: false });

/** As loose as the library's own types of components: its behaviours add props to each other's. */
type Look = ComponentType<any>;

/** The behaviours that Kiali gives its elements too, without its menus. */
export const components: ComponentFactory = (kind) => {
  if (kind === ModelKind.graph) return selectable(withPanZoom()(GraphComponent));
  if (kind === ModelKind.edge) return selectable(StyledEdge as Look);
  return withDragNode()(selectable(StyledNode as Look));
};

/** Kiali's edges are straight, whatever bends the layout asks for. */
class StraightEdge extends BaseEdge {
  override setBendpoints(): void {
    super.setBendpoints([]);
  }
}

export const elements: ElementFactory = (kind) =>
  kind === ModelKind.edge ? new StraightEdge() : undefined;

/** Dagre is Kiali's default, with these options; the grid is the layout that costs least. */
export const layouts: LayoutFactory = (type, graph) =>
  type === "grid"
    ? new GridLayout(graph, { nodeDistance: 50 })
    : new DagreLayout(graph, {
        linkDistance: 40,
        nodeDistance: 25,
        ranksep: 15,
        ranker: "network-simplex",
        rankdir: "LR",
      });
