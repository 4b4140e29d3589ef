import { useApp } from "./context";
import { Icon } from "./Icon";

/** The way to Prometheus' own page; nothing where there is none. */
export function PrometheusLink({
  url,
  isShort,
  of,
}: {
  url: string | null;
  isShort?: boolean;
  /** Which of several it leads to. */
  of?: string;
}) {
  const { t } = useApp();
  const name = of === undefined ? t("openPrometheus") : `${t("openPrometheus")}: ${of}`;
  if (url === null || !isWeb(url)) return null;
  return (
    <a
      class="text-button"
      href={url}
      target="_blank"
      rel="noreferrer"
      title={name}
      aria-label={name}
    >
      <Icon name="open" />
      {isShort === true ? "Prometheus" : name}
    </a>
  );
}

/** A link from the server's settings must never run code in this page. */
function isWeb(url: string): boolean {
  return /^https?:\/\//.test(url);
}
