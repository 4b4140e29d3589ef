import type { Chosen, Question } from "../asking";
import type { Mesh } from "../mesh";
import { compile, select } from "./compile";
import { parse } from "./parse";

// The same few expressions are asked again at every tick.
const MOST = 20;
const known = new Map<string, Question | null>();

/** What a text asks; null when it asks nothing, or cannot be read. */
export function understand(text: string): Question | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const question = read(text);
  if (known.size >= MOST) known.clear();
  known.set(text, question);
  return question;
}

function read(text: string): Question | null {
  const parsed = parse(text);
  if (!parsed.ok || parsed.ast === null) return null;
  const compiled = compile(parsed.ast);
  let last: { mesh: Parts; chosen: Chosen } | null = null;
  const choose = (mesh: Parts): Chosen => {
    const isSame = last?.mesh.nodes === mesh.nodes && last.mesh.edges === mesh.edges;
    if (last === null || !isSame) last = { mesh, chosen: select(compiled, mesh) };
    return last.chosen;
  };
  return { about: compiled.about, choose };
}

type Parts = Pick<Mesh, "nodes" | "edges">;
