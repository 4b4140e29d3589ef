// Writes src/wire/types.ts from src/wire/schema.json, so that the browser cannot disagree with
// the server about a message.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const here = new URL("../src/wire/", import.meta.url);
const ROOT = "Wire";

/** Drop the titles that would make every field a named type of its own. */
function untitled(schema) {
  if (Array.isArray(schema)) return schema.map(untitled);
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => !(key === "title" && typeof value === "string"),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, untitled(value)]));
}

const schema = JSON.parse(await readFile(new URL("schema.json", here), "utf8"));
const types = await compile({ type: "object", $defs: untitled(schema.$defs) }, ROOT, {
  additionalProperties: false,
  unreachableDefinitions: true,
  bannerComment:
    "/* Made by `make wire` from graph/core/wire.py. Change that file, not this one. */",
  style: { printWidth: 100 },
});
// The root only carries the definitions; nothing is ever of its type.
const text = types
  .replace(/export interface Wire \{\}\n/, "")
  .replaceAll(/^\/\*\*\n \* This interface was referenced by `Wire`.*\n.*\n \*\/\n/gm, "")
  .replaceAll(/^ \*\n \* This interface was referenced by `Wire`.*\n.*\n/gm, "");
await writeFile(new URL("types.ts", here), text);
