import type { Node } from "../../model/entities";
import { nameOf } from "../../model/names";
import { edgesAt } from "../../model/summary";
import { useApp } from "../context";
import { FocusButton } from "../find/FocusButton";
import { EdgeList } from "./lists";
import { OpenPage, PanelFrame } from "./parts";
import { RateTiles } from "./RateTiles";
import { Fold } from "./Section";
import { Spark } from "./Spark";

/** What one may know of the neighbours in namespaces that one may not see: the lines to them. */
export function OutsidePanel({ node }: { node: Node }) {
  const { store, t } = useApp();
  const { inbound, outbound } = edgesAt(store.mesh.value, node.id);
  // They are two nodes: one that only calls, and one that is only called.
  const isCalled = inbound.length > 0;
  const edges = isCalled ? inbound : outbound;
  const hasRequests = edges.some(({ rps }) => rps !== null);
  return (
    <PanelFrame
      selection={{ kind: "node", id: node.id }}
      kind={t("kind.outside")}
      title={nameOf(store.mesh.value.nodes, node.id)}
      health={null}
    >
      <p>{t(isCalled ? "outsideIs.called" : "outsideIs.callers")}</p>
      <p class="quiet">{t("outsideTells")}</p>
      <div class="buttons">
        <OpenPage id={node.id} />
        <FocusButton id={node.id} />
      </div>
      <Spark about={{ kind: "node", id: node.id }} of={hasRequests ? "requests" : "bytes"} />
      <Fold
        title={`${t(isCalled ? "callers" : "calls")} (${edges.length})`}
        name={isCalled ? "callers" : "calls"}
      >
        <EdgeList edges={edges} end={isCalled ? "source" : "target"} />
      </Fold>
      <Fold title={t(isCalled ? "inbound" : "outbound")} name={isCalled ? "inbound" : "outbound"}>
        <RateTiles rates={isCalled ? node.in : node.out} part={isCalled ? "in" : "out"} />
      </Fold>
    </PanelFrame>
  );
}
