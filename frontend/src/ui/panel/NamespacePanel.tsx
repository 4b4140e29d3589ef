import { leadsInto } from "../../model/drill";
import { percent } from "../../model/format";
import { countStates } from "../../model/security";
import { openNamespace } from "../../model/steps";
import { worstFirst, worstNodesFirst } from "../../model/summary";
import { elided, visible } from "../../model/text";
import { busiestFirst, membersOf, totalsOf, waysOfNamespace } from "../../model/totals";
import { CollapseButton } from "../CollapseButton";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { HealthCounts, StateCounts } from "./counts";
import { EdgeList, NodeList } from "./lists";
import { PanelFrame } from "./parts";
import { ProtocolTables } from "./ProtocolTables";
import { Fold } from "./Section";
import { Spark } from "./Spark";

const LONGEST = 32;

/** Everything about one namespace: its traffic in, out and inside, and who is in it. */
export function NamespacePanel({ name }: { name: string }) {
  const { store, t } = useApp();
  const mesh = store.mesh.value;
  const members = membersOf(mesh, name);
  const { into, outOf, within } = waysOfNamespace(mesh, name);
  const edges = [...into, ...outOf, ...within];
  const troubled = worstFirst(
    edges.filter(({ health }) => health === "failing" || health === "degraded"),
  );
  const states = countStates(edges);
  const hasRequests = edges.some(({ rps }) => rps !== null);
  return (
    <PanelFrame
      selection={{ kind: "namespace", id: name }}
      kind={t("namespace")}
      title={visible(name)}
      health={null}
    >
      <div class="buttons">
        {leadsInto(name, mesh) && (
          <button type="button" class="button" onClick={() => openNamespace(store, name)}>
            <Icon name="enter" />
            {t("openNamespace", { name: elided(visible(name), LONGEST) })}
          </button>
        )}
        {mesh.namespaces.length > 1 && <CollapseButton namespace={name} isWide />}
      </div>
      <HealthCounts of={members} />
      <Spark
        about={{ kind: "namespace", id: name }}
        of={hasRequests || edges.length === 0 ? "requests" : "bytes"}
      />
      {troubled.length > 0 && (
        <Fold title={`${t("troubled")} (${troubled.length})`} name="troubled">
          <EdgeList edges={troubled} end="both" />
        </Fold>
      )}
      <Fold title={t("byProtocol")} name="namespace-protocols">
        <ProtocolTables
          rows={[
            { name: t("inbound"), totals: totalsOf(into) },
            { name: t("outbound"), totals: totalsOf(outOf) },
            { name: t("inside"), totals: totalsOf(within) },
          ]}
        />
      </Fold>
      <Fold title={t("security")} name="security">
        <StateCounts counts={states} />
        {states.plaintext + states.mixed > 0 && (
          <EdgeList
            edges={edges.filter(
              ({ mtls: { state } }) => state === "plaintext" || state === "mixed",
            )}
            end="both"
            figure={({ mtls }) => `${percent(mtls.ratio)} mTLS`}
          />
        )}
      </Fold>
      <Fold title={`${t("members")} (${members.length})`} name="members">
        <NodeList nodes={worstNodesFirst(members)} />
      </Fold>
      <Fold title={t("busiestEdges")} name="talkers">
        <EdgeList edges={busiestFirst(edges)} end="both" most={5} />
      </Fold>
    </PanelFrame>
  );
}
