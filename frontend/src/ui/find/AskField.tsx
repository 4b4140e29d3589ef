import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useApp } from "../context";
import { IconButton } from "../Toolbar";
import type { Asked } from "../../model/query/presets";
import { Counts } from "./Counts";
import { Offers } from "./Offers";
import { Problem } from "./Problem";
import { useDraft } from "./draft";
import { useFindWords } from "./words";

/** A field for an expression, with a list of what may come next and the word on what is wrong. */
export function AskField({ asked }: { asked: Asked }) {
  const { store } = useApp();
  const say = useFindWords();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const draft = useDraft(asked, input);
  const { text, offers, active, mistake } = draft;
  const isListed = offers.length > 0;
  useTyping(asked, input);
  return (
    <div class={`ask ask-${asked}`}>
      <label for={`ask-${asked}`}>{say(asked)}</label>
      <input
        ref={input}
        id={`ask-${asked}`}
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={say(`${asked}Hint`)}
        aria-expanded={isListed}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        aria-invalid={mistake !== null}
        aria-describedby={`${id}-problem ${id}-count`}
        value={text}
        onInput={(event) => draft.type(event.currentTarget)}
        onKeyDown={(event) => onKeyDown(event, draft)}
        onKeyUp={(event) => draft.moved(event.currentTarget)}
        onClick={(event) => draft.opened(event.currentTarget)}
        onFocus={(event) => draft.opened(event.currentTarget)}
        onBlur={() => draft.leave()}
      />
      <span id={`${id}-count`} class="ask-count" role="status">
        {asked === "hide" && draft.isPending && mistake === null && say("apply")}
        {mistake !== null ? say("unread") : asked === "find" && <Counts />}
      </span>
      {text !== "" && (
        <IconButton
          icon="close"
          label={say("clear", { name: say(asked) })}
          onClick={() => {
            draft.clear();
            store.dialog.value = null;
          }}
        />
      )}
      <div class="ask-drop">
        <Problem id={`${id}-problem`} text={text} mistake={mistake} mend={draft.mend} />
        {isListed && (
          <Offers
            id={id}
            label={say("suggestions", { name: say(asked) })}
            offers={offers}
            active={active}
            choose={draft.choose}
          />
        )}
      </div>
    </div>
  );
}

/** A key may have opened the bar in order to type at once. */
function useTyping(asked: Asked, input: { readonly current: HTMLInputElement | null }): void {
  const { store } = useApp();
  const isAsked = asked === "find" && store.asking.value === "typing";
  useEffect(() => {
    if (!isAsked) return;
    store.asking.value = "open";
    input.current?.focus();
  }, [isAsked]);
}

type Draft = ReturnType<typeof useDraft>;

function onKeyDown(event: TargetedKeyboardEvent<HTMLInputElement>, draft: Draft): void {
  if (event.isComposing) return;
  switch (event.key) {
    case "ArrowDown":
    case "ArrowUp":
      event.preventDefault();
      draft.step(event.key === "ArrowDown" ? 1 : -1);
      return;
    case "Tab":
      // Only what is being written is completed: an empty field lets the focus go on.
      if (!event.shiftKey && draft.take(true)) event.preventDefault();
      return;
    case "Enter":
      event.preventDefault();
      if (!draft.take(false)) draft.apply();
      return;
    case "Escape":
      event.stopPropagation();
      if (!draft.back()) event.currentTarget.blur();
      return;
  }
}
