import { useEffect, useRef } from "preact/hooks";
import type { Uncovering } from "../model/covers";
import type { Node } from "../model/entities";
import { nameOf } from "../model/names";
import { elided } from "../model/text";
import { type Translate, useApp } from "./context";

const LONGEST = 44;

/** What leaves a node out, in words. */
export function coversInWords(t: Translate, { covers }: Uncovering): string {
  return covers.map((cover) => t(`cover.${cover}`)).join(t("cover.and"));
}

interface UncoverProps {
  node: Node;
  uncovering: Uncovering;
  show: () => void;
  /** Back to the field. */
  leave: () => void;
}

/** Says why a node that was searched for is not in the picture, and offers to show it. */
export function Uncover({ node, uncovering, show, leave }: UncoverProps) {
  const { store, t } = useApp();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const what = coversInWords(t, uncovering);
  const name = elided(nameOf(store.mesh.value.nodes, node.id), LONGEST);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  };
  return (
    <div class="offers uncover" role="group" aria-label={name} onKeyDown={onKeyDown}>
      <p role="status">{t("searchHidden", { name, what })}</p>
      <button ref={button} type="button" class="button" onClick={show}>
        {t("searchUncover", { what })}
      </button>
    </div>
  );
}
