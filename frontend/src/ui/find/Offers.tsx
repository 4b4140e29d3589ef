import { useEffect, useRef } from "preact/hooks";
import { elided, visible } from "../../model/text";
import type { Offer } from "./options";
import { useFindWords } from "./words";

const LONGEST = 60;

interface OffersProps {
  id: string;
  label: string;
  offers: readonly Offer[];
  active: number | null;
  choose: (offer: Offer) => void;
}

/** The list of what may come next. The focus stays in the field. */
export function Offers({ id, label, offers, active, choose }: OffersProps) {
  const say = useFindWords();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <ul ref={list} id={`${id}-list`} class="offers" role="listbox" aria-label={label}>
      {offers.map((offer, index) => (
        <li
          key={`${offer.text} ${offer.note ?? ""}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // A press would take the focus out of the field, and close the list before the click.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(offer)}
        >
          <code>{elided(visible(offer.text), LONGEST)}</code>
          {offer.note !== null && <small>{say(offer.note)}</small>}
        </li>
      ))}
    </ul>
  );
}
