import { UNKNOWN } from "../../model/format";
import { visible } from "../../model/text";

/** A name and its value, and where the value leads to. */
type Fact = readonly [name: string, value: string | null, go?: () => void];

/** Name and value pairs; unknown ones are left out. */
export function Facts({ rows }: { rows: readonly Fact[] }) {
  const known = rows.filter(([, value]) => value !== null && value !== "" && value !== UNKNOWN);
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([name, value, go]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd>
            {go === undefined ? (
              visible(value ?? "")
            ) : (
              <button type="button" class="link" onClick={go}>
                {visible(value ?? "")}
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
