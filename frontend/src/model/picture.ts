import type { Filter } from "./filter";
import type { Mesh } from "./mesh";

/** The part of the mesh that the filter leaves to be drawn. */
export function pictureOf(mesh: Mesh, filter: Filter): Mesh {
  if (filter.edges === "all") return mesh;
  return { ...mesh, edges: new Map() };
}
