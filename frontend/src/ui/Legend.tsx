import { useState } from "preact/hooks";
import { useApp } from "./context";
import { Icon } from "./Icon";
import { lazily } from "./lazily";

const Signs = lazily(() => import("./legend/Signs").then((part) => part.Signs));

/** What the shapes, colours, lines and dots mean that are on the screen now. */
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
      {isOpen && <Signs />}
    </section>
  );
}
