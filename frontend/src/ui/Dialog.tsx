import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Dialog as Name } from "../model/store";
import { useApp } from "./context";
import { IconButton } from "./Toolbar";

interface DialogProps {
  name: NonNullable<Name>;
  title: string;
  /** Made only while the dialog is open. */
  children: ComponentChildren;
}

/** A dialog on top of the page, open while the store says so; Escape closes it. */
export function Dialog({ name, title, children }: DialogProps) {
  const { store, t } = useApp();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isOpen = store.dialog.value === name;
  const close = () => {
    if (store.dialog.peek() === name) store.dialog.value = null;
  };
  useEffect(() => {
    if (isOpen) element.current?.showModal();
    else element.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={element} class={`dialog dialog-${name}`} aria-labelledby={id} onClose={close}>
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t("close")} onClick={close} />
      </header>
      {isOpen && children}
    </dialog>
  );
}
