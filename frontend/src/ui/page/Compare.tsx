import type { Node } from "../../model/entities";
import type { HistoryAsk } from "../../model/history";
import { type VersionPast, aligned, pastOf } from "../../model/compare";
import { siblingsOf } from "../../model/siblings";
import { visible } from "../../model/text";
import { byParts } from "../../model/versions";
import type { Asked } from "../charts/asked";
import { useHistory } from "../charts/past";
import { useApp } from "../context";
import { type ChartsProps, askOf } from "./Charts";
import { Comparison } from "./Comparison";

type CompareProps = Omit<ChartsProps, "about"> & { node: Node };
const TOPICS: HistoryAsk["fields"] = ["rps", "errors", "latency"];

/** Two versions of an app held against each other: over time, and as a table of differences. */
export function Compare(props: CompareProps) {
  const { store, t } = useApp();
  const { node } = props;
  const siblings = siblingsOf(store.mesh.value, node);
  const isDrawn = siblings.length > 1;
  const versions = isDrawn
    ? siblings.map(({ version }) => version ?? "")
    : [...node.versions].sort((one, other) => byParts.compare(one, other));
  if (versions.length < 2) return null;
  const [first = "", second = ""] = store.looks.value.compare;
  const isChosen = first !== second && [first, second].every((each) => versions.includes(each));
  const a = isChosen ? first : (node.version ?? versions[0] ?? "");
  // Whichever was chosen first: a change is what the later version brings.
  const [old = "", young = ""] = versions.filter((version) => version === a || version === second);
  const choose = (pair: readonly string[]) =>
    (store.looks.value = { ...store.looks.peek(), compare: pair });
  const idOf = (version: string) => siblings.find((each) => each.version === version)?.id ?? "";
  return (
    <section class="page-compare">
      <header class="charts-head">
        <h2>{t("compare")}</h2>
        <div class="range-picker">
          <VersionPicker
            title={t("compareFirst")}
            versions={versions}
            chosen={a}
            choose={(next) =>
              choose([next, isChosen && next !== second ? second : other(versions, next)])
            }
          />
          <VersionPicker
            title={t("compareWith")}
            versions={versions.filter((version) => version !== a)}
            chosen={isChosen ? second : ""}
            choose={(next) => choose(next === "" ? [] : [a, next])}
            canBeNone
          />
        </div>
      </header>
      {isChosen &&
        (isDrawn ? (
          <OfNodes
            key={`${old} ${young}`}
            {...props}
            a={[old, idOf(old)]}
            b={[young, idOf(young)]}
          />
        ) : (
          <OfOne {...props} a={old} b={young} />
        ))}
    </section>
  );
}

function other(versions: readonly string[], than: string): string {
  return versions.find((version) => version !== than) ?? than;
}

interface VersionPickerProps {
  title: string;
  versions: readonly string[];
  chosen: string;
  choose: (version: string) => void;
  canBeNone?: boolean;
}

function VersionPicker({ title, versions, chosen, choose, canBeNone }: VersionPickerProps) {
  const { t } = useApp();
  return (
    <label class="control select">
      <span class="select-label">{title}</span>
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        {canBeNone === true && (
          <option value="" selected={chosen === ""}>
            {t("compareNone")}
          </option>
        )}
        {versions.map((version) => (
          <option key={version} value={version} selected={version === chosen}>
            {visible(version)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Versions that are nodes of their own have histories of their own. */
function OfNodes({
  a: [nameA, idA],
  b: [nameB, idB],
  ...props
}: CompareProps & { a: [string, string]; b: [string, string] }) {
  const about = (id: string) => ({ ...props, about: { kind: "node", id } as const });
  const first = useHistory(...askOf(about(idA), { fields: TOPICS }));
  const second = useHistory(...askOf(about(idB), { fields: TOPICS }));
  return (
    <Answered
      asked={[first, second]}
      pair={([one, two]) => aligned(pastOf(one, nameA, null), pastOf(two, nameB, null))}
      {...props}
    />
  );
}

/** One node for all versions: its history is asked for by version. */
function OfOne({ a, b, ...props }: CompareProps & { a: string; b: string }) {
  const about = { ...props, about: { kind: "node", id: props.node.id } as const };
  const asked = useHistory(...askOf(about, { fields: TOPICS, byVersion: true }));
  return (
    <Answered
      asked={[asked, asked]}
      pair={([history]) => [pastOf(history, a, a), pastOf(history, b, b)]}
      {...props}
    />
  );
}

type Answer = Extract<ReturnType<typeof useHistory>, { state: "ready" }>["answer"];

interface AnsweredProps extends CompareProps {
  asked: readonly [Asked<Answer>, Asked<Answer>];
  pair: (histories: readonly [Answer, Answer]) => [VersionPast, VersionPast];
}

function Answered({ asked: [one, two], pair, ...props }: AnsweredProps) {
  const { t } = useApp();
  const failed = [one, two].find((asked) => asked.state === "failed");
  if (failed?.state === "failed") {
    return <p class="warn-text">{t("historyFailed", { reason: failed.reason })}</p>;
  }
  if (one.state !== "ready" || two.state !== "ready") {
    return <p class="quiet">{t("historyLoading")}</p>;
  }
  const [a, b] = pair([one.answer, two.answer]);
  const { start, end } = one.answer;
  return <Comparison {...props} a={a} b={b} span={props.zoom ?? { from: start, to: end }} />;
}
