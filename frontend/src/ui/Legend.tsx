import { useState } from "preact/hooks";
import { HEALTHS, type NodeKind } from "../model/entities";
import { useApp } from "./context";
import { Icon } from "./Icon";

/** Outlines of the node kinds, as the canvas draws them, on a grid of 20. */
const OUTLINES: readonly (readonly [NodeKind, string])[] = [
  ["workload", "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z"],
  ["app", "M5.5 3.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Z"],
  ["service", "M10 3.5 17 15.5H3Z"],
  ["operation", "M10 3 17 8.1 14.3 16.3 5.7 16.3 3 8.1Z"],
  ["waypoint", "M10 2.5 17.5 10 10 17.5 2.5 10Z"],
  ["gateway", "M6.5 4h7l3.5 6-3.5 6h-7L3 10Z"],
  ["external", "M6 15a3 3 0 0 1-.4-6 4.4 4.4 0 0 1 8.4-.6A3.3 3.3 0 0 1 14.2 15Z"],
];

/** What shapes, colours, lines and dots mean. */
export function Legend() {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <section class={isOpen ? "legend legend-open" : "legend"} aria-label={t("legend")}>
      <button
        type="button"
        class="legend-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t("legend")}
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class="legend-body">
          <Health />
          <Kinds />
          <Traffic />
          <Security />
        </div>
      )}
    </section>
  );
}

function Health() {
  const { t } = useApp();
  return (
    <div>
      <h3>{t("legend.edges")}</h3>
      <ul>
        {HEALTHS.filter((health) => health !== "unknown").map((health) => (
          <li key={health}>
            <svg viewBox="0 0 34 10" class={`line line-${health}`} aria-hidden="true">
              <path d="M1 5h32" />
            </svg>
            {t(`health.${health}`)}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 34 10" class="line line-tcp" aria-hidden="true">
            <path d="M1 5h32" />
          </svg>
          {t("legend.tcp")}
        </li>
        <li class="quiet">{t("legend.width")}</li>
      </ul>
    </div>
  );
}

function Kinds() {
  const { t } = useApp();
  return (
    <div>
      <h3>{t("legend.nodes")}</h3>
      <ul>
        {OUTLINES.map(([kind, path]) => (
          <li key={kind}>
            <svg viewBox="0 0 20 20" class={`outline outline-${kind}`} aria-hidden="true">
              <path d={path} />
            </svg>
            {t(`kind.${kind}`)}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 20 20" class="outline outline-idle" aria-hidden="true">
            <path d="M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z" />
          </svg>
          {t("legend.idle")}
        </li>
        <Signs />
      </ul>
    </div>
  );
}

/** What stands in, on and under the nodes. */
function Signs() {
  const { t } = useApp();
  const signs = [
    ["?", "sign", t("kind.unknown")],
    ["!", "sign sign-trouble", t("legend.trouble")],
    ["v1", "sign sign-version", t("legend.version")],
  ] as const;
  return signs.map(([sign, look, text]) => (
    <li key={sign}>
      <span class={look} aria-hidden="true">
        {sign}
      </span>
      {text}
    </li>
  ));
}

function Traffic() {
  const { t } = useApp();
  return (
    <div>
      <h3>{t("legend.traffic")}</h3>
      <ul>
        <li>
          <svg viewBox="0 0 20 20" class="mark mark-dot" aria-hidden="true">
            <circle cx="10" cy="10" r="3.5" />
          </svg>
          {t("legend.dot")}
        </li>
        <li>
          <svg viewBox="0 0 20 20" class="mark mark-error" aria-hidden="true">
            <path d="M10 4.5 15.5 10 10 15.5 4.5 10Z" />
          </svg>
          {t("legend.errorDot")}
        </li>
      </ul>
    </div>
  );
}

function Security() {
  const { t } = useApp();
  return (
    <div>
      <h3>{t("legend.security")}</h3>
      <ul>
        <li>
          <span class="lock-mtls">
            <Icon name="lock" />
          </span>
          {t("mtls.mtls")}
        </li>
        <li>
          <span class="lock-mixed">
            <Icon name="unlock" />
          </span>
          {t("mtls.mixed")}
        </li>
        <li>
          <span class="lock-plaintext">
            <Icon name="unlock" />
          </span>
          {t("mtls.plaintext")}
        </li>
        <li class="quiet">{t("legend.noLock")}</li>
      </ul>
    </div>
  );
}
