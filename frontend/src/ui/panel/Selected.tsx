import "../../styles/closer.css";
import { useApp } from "../context";
import { EdgePanel } from "./EdgePanel";
import { NamespacePanel } from "./NamespacePanel";
import { NodePanel } from "./NodePanel";

/** What is known of the chosen node, edge or namespace. */
export function Selected() {
  const { store } = useApp();
  const selection = store.selection.value;
  const mesh = store.mesh.value;
  if (selection === null) return null;
  const { kind, id } = selection;
  switch (kind) {
    case "node": {
      const node = mesh.nodes.get(id);
      return node ? <NodePanel key={id} node={node} /> : <Gone />;
    }
    case "edge": {
      const edge = mesh.edges.get(id);
      return edge ? <EdgePanel key={id} edge={edge} /> : <Gone />;
    }
    case "namespace": {
      const isThere = [...mesh.nodes.values()].some(({ namespace }) => namespace === id);
      return isThere ? <NamespacePanel key={id} name={id} /> : <Gone />;
    }
  }
}

/** The selection is kept when its traffic stops: it may come back. */
function Gone() {
  const { store, t } = useApp();
  if (store.mesh.value.source === null) return null;
  return (
    <aside class="panel" aria-label={t("overview")}>
      <p class="quiet">{t("gone")}</p>
      <button type="button" class="button" onClick={() => (store.selection.value = null)}>
        {t("close")}
      </button>
    </aside>
  );
}
