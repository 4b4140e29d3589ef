import type { Edge, Gap } from "../../model/entities";
import { UNKNOWN, duration, rate } from "../../model/format";
import { GAPS, gapUnknown } from "../../model/gap";
import { useApp } from "../context";
import { Figure } from "./Traced";

/** Where the two proxies' accounts differ, each with what it means or why it is not known. */
export function Difference({ edge }: { edge: Edge }) {
  return (
    <dl class="gaps">
      {GAPS.map((name) => (
        <Row key={name} edge={edge} name={name} />
      ))}
    </dl>
  );
}

function Row({ edge, name }: { edge: Edge; name: keyof Gap }) {
  const { t } = useApp();
  const unknown = gapUnknown(edge, name);
  const title = t(`gap.${name}`);
  return (
    <div data-gap={name}>
      <dt>{title}</dt>
      <dd>
        <Figure field={`gap.${name}`} name={title}>
          {figure(name, edge.gap?.[name] ?? null)}
        </Figure>
        <small>{unknown === null ? t(`gapMeaning.${name}`) : t(`gapUnknown.${unknown}`)}</small>
      </dd>
    </div>
  );
}

function figure(name: keyof Gap, value: number | null): string {
  if (value === null) return UNKNOWN;
  if (name !== "network_ms") return rate(value);
  // The caller's mean can be the smaller one, where it saw other requests.
  return value < 0 ? `−${duration(-value)}` : duration(value);
}
