import { useRef } from "preact/hooks";
import { type HealthChanges, healthChanges } from "../model/changes";
import type { Mesh } from "../model/mesh";
import { nameOf } from "../model/names";
import type { Selection } from "../model/page";
import { visible } from "../model/text";
import { type Translate, useApp } from "./context";

/** Says aloud what was selected and what changed; a canvas says nothing by itself. */
export function Announcer() {
  const { store, t } = useApp();
  const picture = store.picture.value;
  return (
    <>
      <p class="visually-hidden" aria-live="polite" data-announcer>
        {selectedText(store.selection.value, picture, t)}
      </p>
      <p class="visually-hidden" aria-live="polite" data-changes>
        {useChanges(picture, t)}
      </p>
    </>
  );
}

function selectedText(selection: Selection, picture: Mesh, t: Translate): string {
  const { nodes, edges, scope } = picture;
  const name = (id: string) => nameOf(nodes, id);
  if (selection === null) {
    return scope.length === 0 ? "" : t("showing", { name: scope.map(visible).join(", ") });
  }
  switch (selection.kind) {
    case "node": {
      const node = nodes.get(selection.id);
      if (node === undefined) return "";
      return t("selected", { name: `${name(node.id)}, ${t(`health.${node.health}`)}` });
    }
    case "namespace":
      return t("selected", { name: visible(selection.id) });
    case "edge": {
      const edge = edges.get(selection.id);
      if (edge === undefined) return "";
      const edgeName = t("edgeName", { source: name(edge.source), target: name(edge.target) });
      return t("selected", { name: `${edgeName}, ${t(`health.${edge.health}`)}` });
    }
  }
}

/**
 * What became worse or well with the last tick, in one sentence. It stays until the next change:
 * a text that is taken away is not read again.
 */
function useChanges(picture: Mesh, t: Translate): string {
  const before = useRef(picture);
  const said = useRef("");
  if (before.current !== picture) {
    const text = changesText(healthChanges(before.current, picture), picture, t);
    before.current = picture;
    if (text !== "") said.current = text;
  }
  return said.current;
}

function changesText({ worse, better }: HealthChanges, picture: Mesh, t: Translate): string {
  const [worst] = worse;
  const parts = [
    ...(worst === undefined
      ? []
      : [`${nameOf(picture.nodes, worst.id)}: ${t(`health.${worst.health}`)}`]),
    ...(worse.length > 1 ? [t("changes.more", { n: worse.length - 1 })] : []),
    ...(better.length === 0 ? [] : [t("changes.better", { n: better.length })]),
  ];
  return parts.join(". ");
}
