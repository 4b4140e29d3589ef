import { useApp } from "../context";
import { EdgePanel } from "./EdgePanel";
import { NodePanel } from "./NodePanel";
import { Overview } from "./Overview";

/** The side panel: the chosen node or edge, or the whole picture when nothing is chosen. */
export function Panel() {
  const { store } = useApp();
  const selection = store.selection.value;
  const mesh = store.mesh.value;
  if (selection === null) return mesh.nodes.size === 0 ? null : <Overview />;
  if (selection.kind === "node") {
    const node = mesh.nodes.get(selection.id);
    return node ? <NodePanel key={node.id} node={node} /> : <Gone />;
  }
  const edge = mesh.edges.get(selection.id);
  return edge ? <EdgePanel key={edge.id} edge={edge} /> : <Gone />;
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
