import type { Edge, Node } from "../model/entities";
import { NOTHING, apply } from "../model/mesh";
import { bendLines } from "../view/routes";
import { type Scene, emptyScene, update } from "../view/scene";
import { snapshot } from "./make";

/** A scene with these entities; nodes named in `places` are placed, and lines are drawn. */
export function scene(
  nodes: Node[],
  edges: Edge[],
  places: Readonly<Record<string, readonly [number, number]>> = {},
): Scene {
  const made = emptyScene();
  update(made, apply(NOTHING, snapshot({ nodes, edges })));
  for (const [id, [x, y]] of Object.entries(places)) {
    Object.assign(made.nodes.get(id) ?? {}, { x, y, placed: true });
  }
  bendLines(made);
  return made;
}
