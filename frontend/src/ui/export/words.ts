import type { Words } from "../../model/export/words";
import { count, dateTime, rate, windowName } from "../../model/format";
import { legendOf } from "../../model/legend";
import { nameOf } from "../../model/names";
import type { Store } from "../../model/store";
import { visible } from "../../model/text";
import type { Translate } from "../context";

/** Title, circumstances and legend of the picture as it is now. */
export function wordsOf(store: Store, t: Translate): Words {
  const { graphType, scope } = store.picture.peek();
  const place = scope.length === 0 ? t("allNamespaces") : scope.map(visible).join(", ");
  return {
    title: `${place} · ${t(`type.${graphType}`)}`,
    about: [...circumstances(store, t), ...filters(store, t)].join(" · "),
    signs: signsOf(store, t),
  };
}

function circumstances(store: Store, t: Translate): string[] {
  const { at, windowS, perspective } = store.picture.peek();
  const { nodes, edges, rps } = store.summary.peek();
  return [
    dateTime(at),
    // "All namespaces" are not those of the mesh then.
    ...(store.viewer.peek().isLimited ? [t("limited")] : []),
    `${t("window")} ${windowName(windowS)}`,
    ...(perspective === "auto" ? [] : [t(`perspective.${perspective}`)]),
    `${t("nodes")} ${count(nodes)}`,
    `${t("edges")} ${count(edges)}`,
    rate(rps),
  ];
}

/** What is left out, in the words of the address, which are the same in every language. */
function filters(store: Store, t: Translate): string[] {
  const { find, hide, edges, minRps, minErrorRatio, focus } = store.filter.peek();
  const name = (id: string) => nameOf(store.mesh.peek().nodes, id);
  const said = [
    find === "" ? null : `find ${visible(find)}`,
    hide === "" ? null : `hide ${visible(hide)}`,
    edges === "all" ? null : `edges ${edges}`,
    minRps === null ? null : `rps ≥ ${minRps}`,
    minErrorRatio === null ? null : `error ratio ≥ ${minErrorRatio}`,
    focus === null ? null : `focus ${name(focus.id)}, ${focus.hops}, ${focus.way}`,
  ].filter((part) => part !== null);
  return said.length === 0 ? [] : [`${t("filtered")}: ${said.join("; ")}`];
}

function signsOf(store: Store, t: Translate): Words["signs"] {
  const { healths, hasTcp, locks } = legendOf(store.picture.peek());
  const hasLocks = store.labels.peek().includes("mtls");
  return [
    ...healths.map((of) => ({ kind: "line", of, text: t(`health.${of}`) }) as const),
    ...(hasTcp ? [{ kind: "line", of: "tcp", text: t("legend.tcp") } as const] : []),
    ...locks
      .filter((of) => hasLocks && of !== "unknown")
      .map((of) => ({ kind: "lock", of, text: t(`mtls.${of}`) }) as Words["signs"][number]),
  ];
}
