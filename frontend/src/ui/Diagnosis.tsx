import { useEffect, useState } from "preact/hooks";
import { type Check, type CheckState, type Diagnosis as Found } from "../model/entities";
import { CHECKS, CHECK_STATES, asText, asked, counts } from "../model/diagnosis";
import { clockTime } from "../model/format";
import { visible } from "../model/text";
import { useApp } from "./context";
import { CopyButton } from "./CopyButton";
import { Dialog } from "./Dialog";
import { Icon, type IconName } from "./Icon";

type Run =
  | { state: "running"; since: number }
  | { state: "failed"; reason: string }
  | { state: "done"; found: Found };

/** What is wrong with Prometheus, the scraping or the metrics, and what to do; in a dialog. */
export function Diagnosis() {
  const { t } = useApp();
  return (
    <Dialog name="diagnosis" title={t("diagnosis")}>
      <Running />
    </Dialog>
  );
}

function Running() {
  const { store, commands, t } = useApp();
  const [round, setRound] = useState(0);
  const [run, setRun] = useState<Run>({ state: "running", since: store.now.peek() });
  useEffect(() => {
    const controller = new AbortController();
    setRun({ state: "running", since: store.now.peek() });
    commands.diagnosis(controller.signal).then(
      (found) => {
        if (controller.signal.aborted) return;
        store.facts.value = found.source;
        setRun({ state: "done", found });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setRun({ state: "failed", reason: error instanceof Error ? error.message : "" });
      },
    );
    return () => controller.abort();
  }, [round]);
  return (
    <>
      <Outcome run={run} />
      <footer>
        <button
          type="button"
          class="button"
          // A disabled button with the focus would swallow the Escape that closes the dialog.
          aria-disabled={run.state === "running"}
          onClick={() => run.state !== "running" && setRound(round + 1)}
        >
          <Icon name="again" />
          {t("diagnosisAgain")}
        </button>
        {run.state === "done" && (
          <CopyButton
            key={round}
            label={t("diagnosisCopy")}
            text={() => asText(run.found, store.serverVersion.peek())}
          />
        )}
      </footer>
    </>
  );
}

function Outcome({ run }: { run: Run }) {
  const { t } = useApp();
  switch (run.state) {
    case "running":
      return <Waiting since={run.since} />;
    case "failed":
      return (
        <p class="warn-text" role="alert">
          {t("diagnosisFailed", { reason: run.reason })}
        </p>
      );
    case "done":
      return <Checks found={run.found} />;
  }
}

/** The server answers once, at the end: what can be shown meanwhile is what is being checked. */
function Waiting({ since }: { since: number }) {
  const { store, t } = useApp();
  const seconds = Math.max(0, Math.round((store.now.value - since) / 1000));
  return (
    <>
      <p class="checks-sum">
        <span class="spinner" />
        <span role="status">{t("diagnosis")}…</span>
        <span>{t("diagnosisRunning", { s: seconds })}</span>
      </p>
      <ol class="checks" aria-busy="true">
        {CHECKS.map((id) => (
          <li key={id} class="check-line quiet">
            <span class="check-sign" />
            <b>{t(`check.${id}`)}</b>
          </li>
        ))}
      </ol>
    </>
  );
}

function Checks({ found }: { found: Found }) {
  const { t } = useApp();
  const sums = counts(found.checks);
  const present = CHECK_STATES.filter((state) => sums[state] > 0);
  return (
    <>
      <p class="checks-sum" role="status">
        {present.map((state) => (
          <span key={state} class={`check-${state}`}>
            <Icon name={SIGNS[state]} />
            {t(`checkState.${state}`)} <b>{sums[state]}</b>
          </span>
        ))}
      </p>
      <ol class="checks">
        {found.checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ol>
      <p class="quiet">
        {visible(asked(found.source))}. {t("diagnosisAt", { time: clockTime(found.at) })}
      </p>
    </>
  );
}

/** States differ by shape and word as well as by colour. */
const SIGNS: Readonly<Record<CheckState, IconName>> = {
  green: "circle",
  amber: "warning",
  red: "octagon",
  skipped: "skip",
};

function CheckLine({ check }: { check: Check }) {
  const { t } = useApp();
  const { id, state, detail, advice } = check;
  // A newer server may know checks that this page does not.
  const isKnown = CHECKS.includes(id);
  return (
    <li class="check-line" data-check={id} data-state={state}>
      <span class={`check-sign check-${state}`}>
        <Icon name={SIGNS[state]} />
      </span>
      <div>
        <p>
          <b>{isKnown ? t(`check.${id}`) : id}</b>{" "}
          <span class={`check-word check-${state}`}>{t(`checkState.${state}`)}</span>
        </p>
        <p class="quiet" lang="en">
          {visible(detail)}
        </p>
        {advice !== "" && (
          <p class="check-advice" lang="en">
            {visible(advice)}
          </p>
        )}
      </div>
    </li>
  );
}
