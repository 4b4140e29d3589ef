import type { Point } from "../../lib/curve";
import { mean } from "../../lib/numbers";
import { ranks } from "./ranks";
import { COLUMN, type Link, ROW } from "./types";

const SWEEPS = 6;
const ROUNDS = 12;
/** Parts of a group that nothing connects would drift apart; this keeps them together. */
const GRAVITY = 0.85;
/** With more nodes than this, straight chains would stand far out. */
const CROWD = 60;

/** What is to be set in columns. */
export interface Columned {
  links: readonly Link[];
  /** The room that each needs from top to bottom, and from side to side. */
  heights: readonly number[];
  widths: readonly number[];
}

/**
 * Places for one group, callers left of what they call: columns by rank, each column ordered by
 * the mean position of its neighbours, rows then moved towards those neighbours so that chains
 * become straight lines. Cheap enough for thousands of nodes and the same every time.
 */
export function layered(columned: Columned): Point[] {
  const { links, heights } = columned;
  return inColumns(columned, intoColumns(ranks(heights.length, links)));
}

/** The same with columns that are given, such as the ranks of a graph of which this is a part. */
export function inColumns({ links, heights }: Columned, columns: number[][]): Point[] {
  const near = neighbours(heights.length, links);
  for (let sweep = 0; sweep < SWEEPS; sweep++) order(columns, near, sweep % 2 === 1);
  return straighten(columns, near, heights);
}

/** Nodes by rank; empty ranks stay empty. */
export function byRank(rank: readonly number[]): number[][] {
  const columns: number[][] = [];
  const least = rank.reduce((a, b) => Math.min(a, b), 0);
  rank.forEach((r, node) => (columns[r - least] ??= []).push(node));
  return Array.from(columns, (column) => (column as number[] | undefined) ?? []);
}

function intoColumns(rank: readonly number[]): number[][] {
  // One tall column would leave the rest of the screen empty.
  const rows = Math.max(4, Math.ceil(1.3 * Math.sqrt(rank.length)));
  return byRank(rank)
    .filter((column) => column.length > 0)
    .flatMap((column) => split(column, rows));
}

function split(column: readonly number[], rows: number): number[][] {
  const parts = Math.max(1, Math.ceil(column.length / rows));
  const each = Math.ceil(column.length / parts);
  return Array.from({ length: parts }, (_, i) => column.slice(i * each, (i + 1) * each));
}

export function neighbours(size: number, links: readonly Link[]): number[][] {
  const near: number[][] = Array.from({ length: size }, () => []);
  for (const [a, b] of links) {
    if (a === b) continue;
    near[a]?.push(b);
    near[b]?.push(a);
  }
  return near;
}

function order(columns: number[][], near: readonly number[][], backwards: boolean): void {
  const slot = slots(columns);
  const turn = backwards ? [...columns].reverse() : columns;
  for (const column of turn) {
    const wish = new Map(column.map((node) => [node, wished(node, near, slot)]));
    column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a - b);
    column.forEach((node, i) => (slot[node] = slotOf(i, column.length)));
  }
}

function slots(columns: readonly number[][]): number[] {
  const slot: number[] = [];
  for (const column of columns) {
    column.forEach((node, i) => (slot[node] = slotOf(i, column.length)));
  }
  return slot;
}

/** A row number that is comparable between columns of different lengths: 0 is the middle. */
function slotOf(i: number, count: number): number {
  return i - (count - 1) / 2;
}

function wished(node: number, near: readonly number[][], slot: readonly number[]): number {
  const around = near[node] ?? [];
  if (around.length === 0) return slot[node] ?? 0;
  return mean(around.map((other) => slot[other] ?? 0));
}

function straighten(
  columns: readonly number[][],
  near: readonly number[][],
  heights: readonly number[],
): Point[] {
  const y = new Array<number>(heights.length).fill(0);
  for (const column of columns) {
    column.forEach((node, i) => (y[node] = slotOf(i, column.length) * ROW));
    settle(column, [], y, heights, 1);
  }
  for (let round = 0; round < ROUNDS; round++) {
    // The last rounds let chains become straight again, where that takes none of them far away.
    const gravity = round < ROUNDS / 2 || heights.length > CROWD ? GRAVITY : 1;
    for (const column of columns) settle(column, near, y, heights, gravity);
  }
  const places = new Array<Point>(heights.length);
  columns.forEach((column, i) => {
    for (const node of column) places[node] = { x: i * COLUMN, y: y[node] ?? 0 };
  });
  return places;
}

/** Move a column's nodes towards their neighbours, keeping order and distance. */
function settle(
  column: readonly number[],
  near: readonly number[][],
  y: number[],
  heights: readonly number[],
  gravity: number,
): void {
  const wish = column.map((node) => wished(node, near, y) * gravity);
  const next = [...wish];
  const height = (i: number) => heights[column[i] ?? 0] ?? ROW;
  for (let i = 1; i < next.length; i++) {
    const apart = (height(i - 1) + height(i)) / 2;
    next[i] = Math.max(next[i] ?? 0, (next[i - 1] ?? 0) + apart);
  }
  const lift = mean(next) - mean(wish);
  column.forEach((node, i) => (y[node] = (next[i] ?? 0) - lift));
}
