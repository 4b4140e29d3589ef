import type { Edge, Mtls } from "../../model/entities";
import { percent } from "../../model/format";
import { nameOf } from "../../model/names";
import { whyNotMtls } from "../../model/security";
import { leastEncryptedFirst } from "../../model/summary";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { visible } from "../../model/text";
import { Fold } from "./Section";
import { Figure, Traced } from "./Traced";

const MOST = 6;

interface SecurityProps {
  mtls: Mtls;
  principals: readonly (readonly [title: string, names: readonly string[]])[];
  /** The edges that this is about: one, or all that lead to a node. */
  edges: readonly Edge[];
}

/** Whether traffic is encrypted, why not where it is not, and the identities that were shown. */
export function Security({ mtls: { state, ratio }, principals, edges }: SecurityProps) {
  const { t } = useApp();
  return (
    <Fold title={t("security")} name="security">
      <Traced>
        <p class={`mtls mtls-${state}`}>
          {state !== "unknown" && <Icon name={state === "mtls" ? "lock" : "unlock"} />}
          <b>{t(`mtls.${state}`)}</b>
          {state === "mixed" && (
            <Figure field="mtls" name={t("security")}>
              {percent(ratio)}
            </Figure>
          )}
        </p>
      </Traced>
      {state !== "mtls" && <Reasons edges={edges} />}
      {principals.map(([title, names]) => (
        <Principals key={title} title={title} names={names} />
      ))}
    </Fold>
  );
}

/** What keeps traffic from being all mutual TLS, caller by caller. */
function Reasons({ edges }: { edges: readonly Edge[] }) {
  const { store, t } = useApp();
  const mesh = store.mesh.value;
  const open = leastEncryptedFirst(edges);
  const shown = open.length > 0 ? open : edges.filter(({ mtls }) => mtls.state === "unknown");
  if (shown.length === 0) return null;
  const reasons = (edge: Edge) => whyNotMtls(mesh, edge).filter((why) => why !== "permissive");
  return (
    <>
      <ul class="reasons">
        {shown.slice(0, MOST).map((edge) => (
          <li key={edge.id}>
            {edges.length > 1 && (
              <button
                type="button"
                class="link"
                onClick={() => (store.selection.value = { kind: "edge", id: edge.id })}
              >
                {nameOf(mesh.nodes, edge.source)}
              </button>
            )}{" "}
            {edges.length > 1 && edge.mtls.ratio !== null && <b>{percent(edge.mtls.ratio)} mTLS</b>}
            {reasons(edge).map((why) => (
              <span key={why}>{t(`why.${why}`)} </span>
            ))}
          </li>
        ))}
      </ul>
      {shown.length > MOST && <p class="quiet">{t("rowsLeft", { n: shown.length - MOST })}</p>}
      {open.length > 0 && <p class="quiet">{t("why.permissive")}</p>}
    </>
  );
}

function Principals({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div class="principals">
      <h4>{title}</h4>
      <Lines lines={names} />
    </div>
  );
}

export function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li key={line}>{visible(line)}</li>
      ))}
    </ul>
  );
}
