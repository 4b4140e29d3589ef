import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon";

interface PopoverProps {
  label: string;
  text: string;
  icon: IconName;
  children: ComponentChildren;
}

/** A button that opens a box under it; Escape, a click outside or leaving with Tab close it. */
export function Popover({ label, text, icon, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutside(root, isOpen, () => setOpen(false));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="popover" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="control"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={text === "" ? label : `${label}: ${text}`}
        title={label}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
        <span class="control-text">{text}</span>
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class="popover-box" id={id} role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

function useOutside(
  root: { readonly current: HTMLElement | null },
  isOpen: boolean,
  close: () => void,
): void {
  useEffect(() => {
    if (!isOpen) return;
    const closeIfOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) close();
    };
    document.addEventListener("pointerdown", closeIfOutside);
    document.addEventListener("focusin", closeIfOutside);
    return () => {
      document.removeEventListener("pointerdown", closeIfOutside);
      document.removeEventListener("focusin", closeIfOutside);
    };
  }, [isOpen]);
}
