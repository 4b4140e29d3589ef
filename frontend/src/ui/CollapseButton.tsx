import { toggleCollapsed } from "../model/steps";
import { visible } from "../model/text";
import { useApp } from "./context";
import { Icon } from "./Icon";

interface CollapseButtonProps {
  namespace: string;
  /** True to write out what it does. */
  isWide?: boolean;
}

/** Draw a namespace as one node, or what is inside it again. Nothing where namespaces are drawn anyway. */
export function CollapseButton({ namespace, isWide = false }: CollapseButtonProps) {
  const { store, t } = useApp();
  if (store.mesh.value.graphType === "namespace") return null;
  const isCollapsed = store.view.value.collapsed.includes(namespace);
  const text = t(isCollapsed ? "expandNamespace" : "collapseNamespace", {
    name: visible(namespace),
  });
  return (
    <button
      type="button"
      class={isWide ? "quiet-button" : "row-button"}
      aria-label={text}
      title={text}
      aria-pressed={isWide ? undefined : isCollapsed}
      onClick={() => toggleCollapsed(store, namespace)}
    >
      <Icon name={isCollapsed ? "expand" : "collapse"} />
      {isWide && text}
    </button>
  );
}
