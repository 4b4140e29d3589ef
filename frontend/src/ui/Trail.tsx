import type { Overview } from "../model/entities";
import type { Mesh } from "../model/mesh";
import { count } from "../model/format";
import { leaveNamespaces } from "../model/steps";
import { elided, visible } from "../model/text";
import { type Translate, useApp } from "./context";
import { Icon } from "./Icon";

const LONGEST = 40;

/** Where one is in a mesh that does not fit into one picture, the way back, and the way in. */
export function Trail() {
  const { store, t } = useApp();
  const { namespaces } = store.view.value;
  const mesh = store.mesh.value;
  const isOfNamespaces = mesh.graphType === "namespace" && mesh.nodes.size > 0;
  if (namespaces.length === 0 && !isOfNamespaces) return null;
  return (
    <div class="trail">
      <nav aria-label={t("trail")}>
        <ol>
          <li>
            {namespaces.length === 0 ? (
              <b aria-current="page">{t("allNamespaces")}</b>
            ) : (
              <button type="button" class="link" onClick={() => leaveNamespaces(store)}>
                {t("allNamespaces")}
              </button>
            )}
          </li>
          {namespaces.length > 0 && (
            <li>
              <Icon name="next" />
              <b aria-current="page">{placeName(namespaces, t)}</b>
            </li>
          )}
        </ol>
      </nav>
      {isOfNamespaces && <Hint mesh={mesh} />}
    </div>
  );
}

function placeName(namespaces: readonly string[], t: Translate): string {
  if (namespaces.length > 1) return t("namespacesCount", { n: namespaces.length });
  return elided(visible(namespaces[0] ?? ""), LONGEST);
}

function Hint({ mesh }: { mesh: Mesh }) {
  const { t } = useApp();
  const { overview } = mesh;
  return (
    <p role="status">
      {overview !== null && (
        <>
          {t(isNear(overview) ? "overviewNear" : "overviewWhy", {
            what: t("nodesOf", { n: count(overview.nodes), type: t(`many.${overview.asked}`) }),
            edges: count(overview.edges),
            most_nodes: count(overview.most_nodes),
            most_edges: count(overview.most_edges),
          })}{" "}
        </>
      )}
      {mesh.scope.length === 1 && overview !== null ? t("overviewOne") : t("openHint")}
    </p>
  );
}

/** Once too large, a picture stays in namespaces until it is clearly smaller than the limit. */
function isNear({ nodes, edges, most_nodes, most_edges }: Overview): boolean {
  return nodes <= most_nodes && edges <= most_edges;
}
