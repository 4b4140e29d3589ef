import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { recall, remember } from "../../lib/storage";

const KEY = "meshviz.sections";

interface SectionProps {
  title: string;
  children: ComponentChildren;
}

/** A part of the panel under its heading. */
export function Section({ title, children }: SectionProps) {
  return (
    <section class="section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface FoldProps extends SectionProps {
  /** Under which it is remembered whether it is open. */
  name: string;
  /** Whether it is open as long as nobody said. */
  isOpen?: boolean;
}

/** A part of the panel that can be folded; this browser remembers which ones are. Folded, nothing is made. */
export function Fold({ title, name, isOpen: usual = true, children }: FoldProps) {
  const [isOpen, setOpen] = useState(() => chosen()[name] ?? usual);
  const toggled = (open: boolean) => {
    if (open === isOpen) return;
    setOpen(open);
    remember(KEY, { ...chosen(), [name]: open });
  };
  return (
    <details
      class="section fold"
      data-section={name}
      open={isOpen}
      onToggle={(event) => toggled(event.currentTarget.open)}
    >
      <summary>
        <h3>{title}</h3>
      </summary>
      {isOpen && <div class="fold-body">{children}</div>}
    </details>
  );
}

function chosen(): Partial<Record<string, boolean>> {
  const stored = recall(KEY);
  if (typeof stored !== "object" || stored === null) return {};
  const pairs = Object.entries(stored).filter(([, open]) => typeof open === "boolean");
  return Object.fromEntries(pairs);
}
