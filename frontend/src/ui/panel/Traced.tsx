import "../../styles/provenance.css";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { UNKNOWN } from "../../model/format";
import { areAdded, behind, isTold } from "../../model/provenance";
import { useApp } from "../context";
import { IconButton } from "../Toolbar";
import { QueryItem } from "./Promql";
import { useOrigins } from "./origins";

/** A number that somebody asked about: its field on the wire, and what the page calls it. */
interface Asked {
  field: string;
  name: string;
}

interface Trace {
  asked: Asked | null;
  cardId: string;
  toggle(asked: Asked, button: HTMLElement): void;
}

const TraceContext = createContext<Trace | null>(null);

/** A block of numbers each of which tells, on request, how it is known; the answer stands below. */
export function Traced({ children }: { children: ComponentChildren }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const cardId = useId();
  const button = useRef<HTMLElement | null>(null);
  const close = () => {
    setAsked(null);
    button.current?.focus();
  };
  const toggle = (next: Asked, from: HTMLElement) => {
    button.current = from;
    setAsked(isSame(asked, next) ? null : next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || asked === null) return;
    event.stopPropagation();
    close();
  };
  return (
    <TraceContext.Provider value={{ asked, cardId, toggle }}>
      <div class="traced" onKeyDown={onKeyDown}>
        {children}
        {asked !== null && (
          <OriginCard
            key={`${asked.field} ${asked.name}`}
            id={cardId}
            asked={asked}
            close={close}
          />
        )}
      </div>
    </TraceContext.Provider>
  );
}

function isSame(a: Asked | null, b: Asked): boolean {
  return a?.field === b.field && a.name === b.name;
}

/** A number that can be asked how it is known; what is unknown is only written. */
export function Figure({ field, name, children }: Asked & { children: string }) {
  const { t } = useApp();
  const trace = useContext(TraceContext);
  if (trace === null || children === UNKNOWN) return <>{children}</>;
  const isOpen = isSame(trace.asked, { field, name });
  return (
    <button
      type="button"
      class="figure"
      data-field={field}
      title={t("howKnown")}
      aria-expanded={isOpen}
      aria-controls={isOpen ? trace.cardId : undefined}
      onClick={(event) => trace.toggle({ field, name }, event.currentTarget)}
    >
      {children}
    </button>
  );
}

/** How one number is known: query, reporter, age and series. */
function OriginCard({ id, asked, close }: { id: string; asked: Asked; close: () => void }) {
  const { t } = useApp();
  const { answer, load } = useOrigins();
  const card = useRef<HTMLElement>(null);
  useEffect(load, []);
  useEffect(() => card.current?.scrollIntoView({ block: "nearest" }), [answer.state]);
  return (
    <section ref={card} class="origin" id={id} aria-label={`${t("howKnown")} ${asked.name}`}>
      <header>
        <h4>
          {asked.name} <code>{asked.field}</code>
        </h4>
        <IconButton icon="close" label={t("close")} onClick={close} />
      </header>
      <div aria-live="polite">
        <Origin field={asked.field} />
      </div>
    </section>
  );
}

function Origin({ field }: { field: string }) {
  const { t } = useApp();
  const { answer } = useOrigins();
  switch (answer.state) {
    case "none":
    case "loading":
      return <p class="quiet">{t("promqlLoading")}</p>;
    case "failed":
      return <p class="warn-text">{t("promqlFailed", { reason: answer.reason })}</p>;
    case "ready": {
      const found = behind(answer.origins.queries.queries, field);
      if (found.length === 0) return <p class="quiet">{t("originNone")}</p>;
      return (
        <>
          {found.length > 1 && areAdded(field) && (
            <p class="origin-sum">{t("originSum", { n: found.length })}</p>
          )}
          <ul class="queries">
            {found.map((query, i) => (
              <QueryItem
                key={`${query.reporter} ${isTold(query.promql) ? query.promql : i}`}
                query={query}
                pictureAgeS={answer.origins.pictureAgeS}
              />
            ))}
          </ul>
        </>
      );
    }
  }
}
