import type { Commands } from "../../model/commands";
import { edgesCsv, nodesCsv } from "../../model/export/csv";
import { fileName } from "../../model/export/names";
import { snapshotOf } from "../../model/export/snapshot";
import type { Mesh } from "../../model/mesh";
import type { Store } from "../../model/store";
import type { Translate } from "../context";
import { wordsOf } from "./words";

export type Format = "png" | "svg" | "json" | "nodes" | "edges";

/** Save what is seen as a file. */
export async function exportFile(
  format: Format,
  store: Store,
  commands: Commands,
  t: Translate,
): Promise<void> {
  // What is seen now: the next tick may come while the picture is being drawn.
  const picture = store.picture.peek();
  const isTable = format === "nodes" || format === "edges";
  const name = fileName(picture, isTable ? format : "", isTable ? "csv" : format);
  if (format === "png" || format === "svg") {
    save(await commands.drawing(format, wordsOf(store, t)), name);
  } else {
    save(new Blob([textOf(format, picture)], { type: TYPES[format] }), name);
  }
}

const TYPES = {
  json: "application/json",
  nodes: "text/csv;charset=utf-8",
  edges: "text/csv;charset=utf-8",
} as const;

function textOf(format: keyof typeof TYPES, picture: Mesh): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(snapshotOf(picture), null, 2)}\n`;
    case "nodes":
      return nodesCsv(picture);
    case "edges":
      return edgesCsv(picture);
  }
}

/** Hand a file to the browser, as a download. */
function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken hold of the file when the click is over, but not all do so at once.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
