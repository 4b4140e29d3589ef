import type { Link } from "./types";

/**
 * The column of each node: its longest way from a node that nobody calls. Calls that would close
 * a circle do not count.
 */
export function ranks(size: number, links: readonly Link[]): number[] {
  const out = forward(size, links);
  const order = topological(size, out);
  const rank = new Array<number>(size).fill(0);
  for (const from of order) {
    for (const to of out[from] ?? []) {
      rank[to] = Math.max(rank[to] ?? 0, (rank[from] ?? 0) + 1);
    }
  }
  return pulled(rank, out);
}

/** Calls per node without those that lead back to a node still being visited. */
function forward(size: number, links: readonly Link[]): number[][] {
  const out: number[][] = Array.from({ length: size }, () => []);
  const called = new Array<boolean>(size).fill(false);
  for (const [from, to] of links) {
    if (from === to) continue;
    out[from]?.push(to);
    called[to] = true;
  }
  const state = new Array<"new" | "open" | "done">(size).fill("new");
  const kept: number[][] = Array.from({ length: size }, () => []);
  const entries = [...out.keys()].sort((a, b) => Number(called[a]) - Number(called[b]) || a - b);
  for (const entry of entries) visit(entry, out, state, kept);
  return kept;
}

function visit(
  entry: number,
  out: readonly number[][],
  state: ("new" | "open" | "done")[],
  kept: number[][],
): void {
  if (state[entry] !== "new") return;
  const stack: { node: number; next: number }[] = [{ node: entry, next: 0 }];
  state[entry] = "open";
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = out[top.node]?.[top.next++];
    if (to === undefined) {
      state[top.node] = "done";
      stack.pop();
      continue;
    }
    if (state[to] !== "open") kept[top.node]?.push(to);
    if (state[to] === "new") {
      state[to] = "open";
      stack.push({ node: to, next: 0 });
    }
  }
}

function topological(size: number, out: readonly number[][]): number[] {
  const waiting = new Array<number>(size).fill(0);
  for (const targets of out) for (const to of targets) waiting[to] = (waiting[to] ?? 0) + 1;
  const order = [...waiting.keys()].filter((node) => waiting[node] === 0);
  for (const node of order) {
    for (const to of out[node] ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  return order;
}

/** Nodes that nobody calls move next to the first thing they call: short lines, fewer crossings. */
function pulled(rank: readonly number[], out: readonly number[][]): number[] {
  return rank.map((own, node) => {
    const targets = out[node] ?? [];
    if (own > 0 || targets.length === 0) return own;
    return Math.min(...targets.map((to) => rank[to] ?? 0)) - 1;
  });
}
