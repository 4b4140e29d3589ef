import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { lazily } from "../lazily";

const Details = lazily(async () => (await import("./OverviewDetails")).OverviewDetails);

/** The whole picture in numbers, and where to look first; closed, it only counts. */
export function Overview() {
  const { store, t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  useEscape(isOpen, () => {
    setOpen(false);
    toggle.current?.focus();
  });
  // What a filter hides needs attention all the same.
  const { troubled, attention } = store.wholeSummary.value;
  const hidden = attention - store.summary.value.attention;
  const worst = troubled[0]?.health ?? (attention > 0 ? "degraded" : "healthy");
  return (
    <aside class="overview" aria-label={t("overview")} data-panel>
      <button
        ref={toggle}
        type="button"
        class="overview-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <i class={`dot dot-${worst}`} />
        {t("needsAttention")}
        <b>{attention}</b>
        {hidden > 0 && <small>{t("attentionHidden", { n: hidden })}</small>}
        <Icon name="down" />
      </button>
      {isOpen && <Details />}
    </aside>
  );
}

function useEscape(isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      // A dialog on top takes its own Escape.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}
