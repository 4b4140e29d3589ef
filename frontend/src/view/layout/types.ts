import type { Point } from "../../lib/curve";
import type { Layout } from "../../model/looks";

/** One node as the layout sees it. Nodes come ordered by id, so that a layout can be repeated. */
export interface LayoutNode {
  id: string;
  /** Nodes of one group are kept together; "" stands alone. */
  group: string;
  /** Groups of one cluster are kept together; "" where there is only one. */
  cluster: string;
  /** Versions of one app have one family and stand together; "" for a node by itself. */
  family: string;
  /** The room that its name needs from side to side. */
  width: number;
  /** Where the node must stay; null for one that needs a place. */
  place: Point | null;
}

/** A call from one node (by index) to another. */
export type Link = readonly [source: number, target: number];

export interface LayoutRequest {
  ticket: number;
  layout: Layout;
  /** The node (by index) that the rings of a concentric layout go round. */
  centre: number;
  nodes: LayoutNode[];
  links: Link[];
  /** True while all may still be laid out anew, should newcomers push boxes into each other. */
  isYoung: boolean;
}

export interface LayoutAnswer {
  ticket: number;
  /** x and y of each node of the request, in its order. */
  places: Float32Array;
}

/** The group of nodes that are groups themselves: they get more room, and no box round them. */
export const OPEN_GROUP = "*";

/** Distance between neighbouring columns and rows; room for labels under and between nodes. */
export const COLUMN = 200;
export const ROW = 104;
/** Distance between versions of one app, which share a frame and a title. */
export const STACK = 90;
