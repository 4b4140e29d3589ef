import { describe, expect, it } from "vitest";
import { Chance, anyAst, anyMesh } from "../../testing/queries";
import type { Mesh } from "../mesh";
import type { Ast } from "./ast";
import { compile, select } from "./compile";
import { parse } from "./parse";
import { print } from "./print";

const ROUNDS = Array.from({ length: 300 }, (_, index) => index + 1);

function chosen(ast: Ast, mesh: Mesh) {
  const { nodes, edges } = select(compile(ast), mesh);
  return { nodes: [...nodes], edges: [...edges] };
}

const not = (of: Ast): Ast => ({ kind: "not", of });
const join = (kind: "and" | "or", left: Ast, right: Ast): Ast => ({ kind, left, right });

describe("of any expression", () => {
  it("what is printed reads as what was meant", () => {
    const chance = new Chance(1);
    ROUNDS.forEach(() => {
      const ast = anyAst(chance);
      expect(parse(print(ast)), print(ast)).toEqual({ ok: true, ast });
    });
  });

  it("not not is nothing", () => {
    const chance = new Chance(2);
    ROUNDS.forEach(() => {
      const [mesh, a] = [anyMesh(chance, 5), anyAst(chance, 2)];
      expect(chosen(not(not(a)), mesh), print(a)).toEqual(chosen(a, mesh));
    });
  });

  it("not (a and b) is not a or not b, and the other way round", () => {
    const chance = new Chance(3);
    ROUNDS.forEach(() => {
      const mesh = anyMesh(chance, 5);
      const [a, b] = [anyAst(chance, 2), anyAst(chance, 2)];
      const said = `${print(a)} | ${print(b)}`;
      expect(chosen(not(join("and", a, b)), mesh), said).toEqual(
        chosen(join("or", not(a), not(b)), mesh),
      );
      expect(chosen(not(join("or", a, b)), mesh), said).toEqual(
        chosen(join("and", not(a), not(b)), mesh),
      );
    });
  });

  it("chance chooses something, and not everything", () => {
    const chance = new Chance(4);
    const sizes = ROUNDS.map(() => chosen(anyAst(chance, 1), anyMesh(chance, 5)).nodes.length);
    for (const size of [0, 1, 2, 3, 4, 5]) expect(sizes).toContain(size);
  });
});
