import { OPS } from "../../model/query/ast";
import { FIELDS, type Field } from "../../model/query/fields";
import { EXAMPLES } from "../../model/query/presets";
import { unitsOf } from "../../model/query/units";
import { FLAGS } from "../../model/query/words";
import { useApp } from "../context";
import { Dialog } from "../Dialog";
import { useFindWords } from "./words";

const RULES = [
  "help.rule",
  "help.find",
  "help.hide",
  "help.not",
  "help.owners",
  "help.unknown",
] as const;

/** The language, from the same tables that read it. */
export function QueryHelp() {
  const say = useFindWords();
  return (
    <Dialog name="query" title={say("help")}>
      <div class="query-help">
        <ul class="rules">
          {RULES.map((rule) => (
            <li key={rule}>{say(rule)}</li>
          ))}
        </ul>
        <Examples />
        <h3>{say("help.operators")}</h3>
        <dl class="operators">
          {OPS.map((op) => (
            <div key={op}>
              <dt>
                <code>{op === "!in" ? "not in" : op}</code>
              </dt>
              <dd>{say(`op.${op}`)}</dd>
            </div>
          ))}
        </dl>
        <h3>{say("help.words")}</h3>
        <p>
          {Object.keys(FLAGS).map((word) => (
            <span key={word}>
              <code>{word}</code>{" "}
            </span>
          ))}
        </p>
        <FieldTable />
      </div>
    </Dialog>
  );
}

function Examples() {
  const { store } = useApp();
  const say = useFindWords();
  const ask = (find: string) => {
    store.filter.value = { ...store.filter.peek(), find };
    store.asking.value = "open";
    store.dialog.value = null;
  };
  return (
    <>
      <h3>{say("help.examples")}</h3>
      <ul class="examples">
        {EXAMPLES.map((text) => (
          <li key={text}>
            <button
              type="button"
              class="link"
              aria-label={say("help.try", { text })}
              onClick={() => ask(text)}
            >
              <code>{text}</code>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function FieldTable() {
  const say = useFindWords();
  return (
    <>
      <h3 id="query-fields">{say("help.fields")}</h3>
      <div class="scrolled" tabIndex={0} role="region" aria-labelledby="query-fields">
        <table class="grid">
          <thead>
            <tr>
              {(["field", "aliases", "of", "meaning"] as const).map((column) => (
                <th key={column} scope="col">
                  {say(`help.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FIELDS.map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  <code>{field.name}</code>
                </th>
                <td>
                  <code>{field.aliases.join(", ")}</code>
                </td>
                <td>{say(`help.of.${ownerOf(field)}`)}</td>
                <td>
                  {say(`field.${field.name}`)} <code>{acceptedBy(field)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function ownerOf({ node, edge }: Field): "node" | "edge" | "both" {
  return node === null ? "edge" : edge === null ? "node" : "both";
}

function acceptedBy({ type, values }: Field): string {
  return [...values, ...unitsOf(type)].join(", ");
}
