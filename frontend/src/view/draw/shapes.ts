import type { NodeKind } from "../../model/entities";

type Path = Pick<CanvasPath, "moveTo" | "lineTo" | "arc" | "closePath" | "roundRect">;

/** Trace the outline that tells a node's kind, as Kiali's users know it where it has one. */
export function traceShape(path: Path, kind: NodeKind, x: number, y: number, r: number): void {
  switch (kind) {
    case "workload":
    case "passthrough":
    case "blackhole":
    case "unknown":
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case "app":
      path.roundRect(x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84, r * 0.36);
      return;
    case "namespace":
      path.roundRect(x - r * 1.15, y - r * 0.85, r * 2.3, r * 1.7, r * 0.34);
      return;
    case "service":
      polygon(path, x, y + r * 0.16, r * 1.2, 3, -Math.PI / 2);
      return;
    case "gateway":
      polygon(path, x, y, r * 1.06, 6, 0);
      return;
    case "waypoint":
      polygon(path, x, y, r * 1.12, 4, 0);
      return;
    case "operation":
      polygon(path, x, y + r * 0.05, r * 1.1, 5, -Math.PI / 2);
      return;
    case "external":
      cloud(path, x, y, r);
      return;
    case "outside":
      path.roundRect(x - r * 1.2, y - r * 0.72, r * 2.4, r * 1.44, r * 0.72);
      return;
  }
}

function polygon(path: Path, x: number, y: number, r: number, corners: number, turn: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    const [px, py] = [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    if (i === 0) path.moveTo(px, py);
    else path.lineTo(px, py);
  }
  path.closePath();
}

function cloud(path: Path, x: number, y: number, r: number): void {
  const base = y + r * 0.55;
  path.moveTo(x - r * 0.6, base);
  path.arc(x - r * 0.6, base - r * 0.42, r * 0.42, Math.PI / 2, Math.PI * 1.45);
  path.arc(x - r * 0.1, base - r * 0.82, r * 0.58, Math.PI * 1.05, Math.PI * 1.9);
  path.arc(x + r * 0.6, base - r * 0.45, r * 0.45, Math.PI * 1.55, Math.PI / 2);
  path.closePath();
}

/** True for kinds that are not part of the mesh, or not of what may be seen: dashed. */
export function isForeign(kind: NodeKind): boolean {
  return ["external", "passthrough", "outside", "unknown"].includes(kind);
}

/** Trace the sign inside the outline; nothing for kinds whose outline says it all. */
export function traceGlyph(path: Path, kind: NodeKind, x: number, y: number, r: number): void {
  const s = r * 0.4;
  switch (kind) {
    case "app":
      for (const [dx, dy] of [
        [-1, -1],
        [0.12, -1],
        [-1, 0.12],
        [0.12, 0.12],
      ] as const) {
        path.roundRect(x + dx * s, y + dy * s, s * 0.88, s * 0.88, s * 0.25);
      }
      return;
    case "workload":
      polygon(path, x, y, s * 1.05, 6, Math.PI / 6);
      path.moveTo(x, y);
      path.lineTo(x, y + s * 1.05);
      path.moveTo(x, y);
      path.lineTo(x - s * 0.91, y - s * 0.52);
      path.moveTo(x, y);
      path.lineTo(x + s * 0.91, y - s * 0.52);
      return;
    case "gateway":
    case "passthrough":
      arrow(path, x, y - s * 0.5, s, 1);
      if (kind === "gateway") arrow(path, x, y + s * 0.5, s, -1);
      return;
    case "blackhole":
      path.moveTo(x - s, y - s);
      path.lineTo(x + s, y + s);
      path.moveTo(x + s, y - s);
      path.lineTo(x - s, y + s);
      return;
    case "namespace":
      path.roundRect(x - s * 1.5, y - s * 1.05, s * 1.3, s * 2.1, s * 0.25);
      path.roundRect(x + s * 0.2, y - s * 1.05, s * 1.3, s * 2.1, s * 0.25);
      return;
    case "operation":
      for (const dy of [-0.6, 0, 0.6]) {
        path.moveTo(x - s * 0.9, y + dy * s);
        path.lineTo(x + s * 0.9, y + dy * s);
      }
      return;
    case "outside":
      // Some, and nobody says who.
      for (const dx of [-1, 0, 1]) {
        const [cx, dot] = [x + dx * s * 1.25, s * 0.17];
        path.moveTo(cx + dot, y);
        path.arc(cx, y, dot, 0, 2 * Math.PI);
      }
      return;
    case "service":
    case "waypoint":
    case "external":
    case "unknown":
      return;
  }
}

function arrow(path: Path, x: number, y: number, s: number, way: 1 | -1): void {
  path.moveTo(x - s * way, y);
  path.lineTo(x + s * way, y);
  path.moveTo(x + s * 0.4 * way, y - s * 0.5);
  path.lineTo(x + s * way, y);
  path.lineTo(x + s * 0.4 * way, y + s * 0.5);
}
