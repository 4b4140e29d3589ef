import type { Node } from "../../model/entities";
import { percent, rate } from "../../model/format";
import { linesOf, newest } from "../../model/history";
import { siblingsOf } from "../../model/siblings";
import { visible } from "../../model/text";
import { useHistory } from "../charts/past";
import { useApp } from "../context";
import { Fold } from "./Section";

const EVERY_MS = 30_000;
const BAR = 100;

interface Part {
  version: string;
  rps: number;
  /** The node that is this version, where one is drawn. */
  id: string | null;
}

/** How an app's requests are split among its versions. */
export function Versions({ node }: { node: Node }) {
  const { store, t } = useApp();
  const siblings = siblingsOf(store.mesh.value, node);
  if (siblings.length < 2 && node.versions.length < 2) return null;
  const parts = siblings.map(({ id, version, in: { rps } }) => ({
    version: version ?? "",
    rps: rps ?? 0,
    id,
  }));
  return (
    <Fold title={t("trafficSplit")} name="versions">
      {siblings.length > 1 ? <Split parts={parts} here={node.id} /> : <AskedSplit node={node} />}
    </Fold>
  );
}

/** One node for all versions says nothing of the split: the server is asked for it. */
function AskedSplit({ node }: { node: Node }) {
  const { t } = useApp();
  const asked = useHistory(
    {
      about: { kind: "node", id: node.id },
      range: "5m",
      fields: ["rps"],
      end: null,
      byVersion: true,
    },
    EVERY_MS,
  );
  switch (asked.state) {
    case "loading":
      return <p class="quiet">{t("historyLoading")}</p>;
    case "failed":
      return <p class="quiet">{t("historyFailed", { reason: asked.reason })}</p>;
    case "ready": {
      const lines = linesOf(asked.answer, { field: "rps" }).filter(({ way }) => way !== "out");
      const parts = lines.flatMap(({ version, values }) =>
        version === null ? [] : [{ version, rps: newest(values) ?? 0, id: null }],
      );
      return <Split parts={parts} here={node.id} />;
    }
  }
}

function Split({ parts, here }: { parts: readonly Part[]; here: string }) {
  const { store, t } = useApp();
  const total = parts.reduce((sum, { rps }) => sum + rps, 0);
  if (total === 0) return <p class="quiet">{t("historyNone")}</p>;
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, { rps }) => sum + rps, 0));
  return (
    <>
      <svg class="split" viewBox={`0 0 ${BAR} 10`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ version, rps }, i) => (
          <rect
            key={version}
            class={`line-${(i % 6) + 1}`}
            x={((starts[i] ?? 0) / total) * BAR}
            width={(rps / total) * BAR}
            height="10"
          />
        ))}
      </svg>
      <ul class="split-parts">
        {parts.map(({ version, rps, id }, i) => (
          <li key={version}>
            <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`line-${(i % 6) + 1}`} width="10" height="10" rx="2" />
            </svg>
            {id === null || id === here ? (
              <span aria-current={id === here ? "true" : undefined}>{visible(version)}</span>
            ) : (
              <button
                type="button"
                class="link"
                onClick={() => (store.selection.value = { kind: "node", id })}
              >
                {visible(version)}
              </button>
            )}
            <span>{rate(rps)}</span>
            <b>{percent(rps / total)}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
