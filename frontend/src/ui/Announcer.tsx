import { nameOf } from "../model/names";
import { visible } from "../model/text";
import { useApp } from "./context";

/** Says aloud what was selected; a canvas says nothing by itself. */
export function Announcer() {
  const { store, t } = useApp();
  const selection = store.selection.value;
  const { nodes, edges } = store.picture.value;
  const scope = store.mesh.value.scope;
  const place = scope.length === 0 ? "" : t("showing", { name: scope.map(visible).join(", ") });
  const name = (id: string) => nameOf(nodes, id);
  const text = () => {
    if (selection === null) return place;
    if (selection.kind === "node") {
      const node = nodes.get(selection.id);
      if (node === undefined) return "";
      return t("selected", { name: `${name(node.id)}, ${t(`health.${node.health}`)}` });
    }
    if (selection.kind === "namespace") return t("selected", { name: visible(selection.id) });
    const edge = edges.get(selection.id);
    if (edge === undefined) return "";
    const edgeName = t("edgeName", { source: name(edge.source), target: name(edge.target) });
    return t("selected", { name: `${edgeName}, ${t(`health.${edge.health}`)}` });
  };
  return (
    <p class="visually-hidden" aria-live="polite" data-announcer>
      {text()}
    </p>
  );
}
