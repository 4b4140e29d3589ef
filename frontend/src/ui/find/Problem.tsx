import { type Fix, type Mistake, fixed } from "../../model/query/mistake";
import { elided, visible } from "../../model/text";
import { useFindWords } from "./words";

/** So much of the text is shown on both sides of a mistake. */
const AROUND = 30;
const LONGEST = 60;

interface ProblemProps {
  id: string;
  text: string;
  mistake: Mistake | null;
  mend: (fix: Fix) => void;
}

/** What is wrong with an expression: the place, the reason, and what was most likely meant. */
export function Problem({ id, text, mistake, mend }: ProblemProps) {
  const say = useFindWords();
  if (mistake === null) return <div id={id} class="visually-hidden" aria-live="polite" />;
  const { start, end, kind, values, fix } = mistake;
  const before = text.slice(0, start);
  const after = text.slice(end);
  return (
    <div id={id} class="problem" aria-live="polite">
      <pre aria-hidden="true">
        {before.length > AROUND && "…"}
        {visible(before.slice(-AROUND))}
        <mark>{start === end ? " " : visible(elided(text.slice(start, end), LONGEST))}</mark>
        {visible(after.slice(0, AROUND))}
        {after.length > AROUND && "…"}
      </pre>
      <p>{visible(say(`problem.${kind}`, values))}</p>
      {fix !== null && (
        <button
          type="button"
          class="link"
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => mend(fix)}
        >
          {say("didYouMean", { text: elided(visible(fixed(text, fix)), LONGEST) })}
        </button>
      )}
    </div>
  );
}
