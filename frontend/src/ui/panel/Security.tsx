import type { Mtls } from "../../model/entities";
import { percent } from "../../model/format";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { visible } from "../../model/text";
import { Section } from "./parts";
import { Figure, Traced } from "./Traced";

/** Whether traffic is encrypted, and the identities that were shown. */
export function Security({
  mtls: { state, ratio },
  principals,
}: {
  mtls: Mtls;
  principals: readonly (readonly [title: string, names: readonly string[]])[];
}) {
  const { t } = useApp();
  return (
    <Section title={t("security")}>
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
      {principals.map(([title, names]) => (
        <Principals key={title} title={title} names={names} />
      ))}
    </Section>
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
