import type { Mesh } from "../mesh";
import { windowName } from "../format";

const LONGEST = 60;

/**
 * What to call a file of this picture: view and time, of letters that every file system takes:
 * "meshviz-versioned_app-bookinfo-1m-20260314T150926Z.csv".
 */
export function fileName(picture: Mesh, part: string, extension: string): string {
  const { graphType, scope, windowS, at } = picture;
  const place = scope.length > 2 ? `${scope.length}-namespaces` : scope.join("-");
  const time = new Date(at * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
  const parts = ["meshviz", graphType, plain(place), windowName(windowS), part, time];
  return `${parts.filter(Boolean).join("-")}.${extension}`;
}

function plain(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._-]+/, "")
    .slice(0, LONGEST);
}
