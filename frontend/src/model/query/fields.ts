import {
  type Edge,
  HEALTHS,
  type Latency,
  type MtlsState,
  type Node,
  type Protocol,
} from "../entities";
import type { Owner } from "./ast";
import type { World } from "./world";

/** A field's value on one node or edge; null where it is not known. */
export type Raw = number | string | readonly string[] | null;

/** What a field holds: which operators, values and units it takes follows from this. */
export type FieldType =
  "text" | "codes" | "choice" | "share" | "duration" | "bytes" | "rate" | "count";

/** Where a field's value is found; null for what does not have the field. */
interface Getters {
  readonly node: ((node: Node, world: World) => Raw) | null;
  readonly edge: ((edge: Edge, world: World) => Raw) | null;
}

export interface Field extends Getters {
  readonly name: FieldName;
  /** Other names that mean the same, Kiali's among them. */
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** All that a choice can be. */
  readonly values: readonly string[];
}

export const YES_NO = ["yes", "no"] as const;
const yes = (is: boolean) => (is ? "yes" : "no");

const KINDS = [
  "workload",
  "app",
  "service",
  "namespace",
  "gateway",
  "waypoint",
  "external",
  "passthrough",
  "blackhole",
  "operation",
  "outside",
  "unknown",
] as const satisfies readonly Node["kind"][];

/** Shorter words than the wire's for what they say of encryption. */
const MTLS_WORDS: Readonly<Record<MtlsState, string>> = {
  mtls: "full",
  mixed: "mixed",
  plaintext: "none",
  unknown: "unknown",
};

const ofNode = (node: NonNullable<Getters["node"]>): Getters => ({ node, edge: null });
const ofEdge = (edge: NonNullable<Getters["edge"]>): Getters => ({ node: null, edge });

function field<Name extends string>(
  name: Name,
  aliases: string,
  type: FieldType,
  getters: Getters,
  values: readonly string[] = [],
) {
  const names = aliases.split(" ").filter(Boolean);
  return { name, aliases: names, type, values, ...getters };
}

function latency<Name extends keyof Latency>(name: Name, aliases: string) {
  return field(`latency.${name}`, aliases, "duration", {
    node: ({ latency_ms }) => latency_ms[name],
    edge: ({ latency_ms }) => latency_ms[name],
  });
}

/** Kiali's names for one protocol's traffic: on edges, and in and out of nodes. */
function traffic<Name extends "http" | "grpc" | "tcp">(protocol: Name) {
  const type = protocol === "tcp" ? "bytes" : "rate";
  const amount = ({ rps, sent_bps, received_bps }: Edge) =>
    protocol === "tcp" ? sum(sent_bps, received_bps) : rps;
  const total = (way: "source" | "target") => (node: Node, world: World) =>
    world
      .edgesAt(node.id)
      .filter((edge) => edge[way] === node.id && edge.protocol === protocol)
      .map(amount)
      .reduce(sum, null);
  return [
    field(
      protocol,
      "",
      type,
      ofEdge((edge) => (edge.protocol === protocol ? amount(edge) : null)),
    ),
    field(`${protocol}.in`, `${protocol}in`, type, ofNode(total("target"))),
    field(`${protocol}.out`, `${protocol}out`, type, ofNode(total("source"))),
  ] as const;
}

function errorsOn(protocol: Protocol): Getters {
  return ofEdge((edge) => (edge.protocol === protocol ? edge.error_ratio : null));
}

/** Every field of the language, in the order in which help and completion list them. */
const ALL = [
  field(
    "name",
    "",
    "text",
    ofNode(({ name }) => name),
  ),
  field(
    "namespace",
    "ns",
    "text",
    ofNode(({ namespace }) => namespace),
  ),
  field(
    "health",
    "status",
    "choice",
    { node: ({ health }) => health, edge: ({ health }) => health },
    HEALTHS,
  ),
  field("rps", "rate requests traffic", "rate", {
    node: (node) => node.in.rps,
    edge: ({ rps }) => rps,
  }),
  field("error", "errors err %error %err error.in", "share", {
    node: (node) => node.in.error_ratio,
    edge: ({ error_ratio }) => error_ratio,
  }),
  field("4xx", "client_error clienterror", "share", {
    node: (node) => node.in.client_error_ratio,
    edge: ({ client_error_ratio }) => client_error_ratio,
  }),
  field("code", "codes", "codes", {
    node: ({ responses }) => responses.map(({ code }) => code),
    edge: ({ responses }) => responses.map(({ code }) => code),
  }),
  field("flag", "flags", "text", {
    node: ({ responses }) => responses.flatMap(({ flags }) => flagsOf(flags)),
    edge: ({ responses }) => responses.flatMap(({ flags }) => flagsOf(flags)),
  }),
  latency("avg", "avg"),
  latency("p50", "p50 median"),
  latency("p90", "p90"),
  latency("p95", "p95 latency rt responsetime"),
  latency("p99", "p99"),
  field(
    "mtls",
    "",
    "choice",
    { node: ({ mtls }) => MTLS_WORDS[mtls.state], edge: ({ mtls }) => MTLS_WORDS[mtls.state] },
    Object.values(MTLS_WORDS),
  ),
  field("mtls.ratio", "", "share", {
    node: ({ mtls }) => mtls.ratio,
    edge: ({ mtls }) => mtls.ratio,
  }),
  field(
    "protocol",
    "",
    "choice",
    ofEdge(({ protocol }) => protocol),
    ["http", "grpc", "tcp"],
  ),
  field(
    "kind",
    "node type",
    "choice",
    ofNode(({ kind }) => kind),
    KINDS,
  ),
  field(
    "app",
    "",
    "text",
    ofNode((node) => node.app),
  ),
  field(
    "workload",
    "wl",
    "text",
    ofNode((node) => node.workload),
  ),
  field(
    "service",
    "svc",
    "text",
    ofNode((node) => node.service),
  ),
  field("version", "", "text", ofNode(versionsOf)),
  field(
    "cluster",
    "",
    "text",
    ofNode((node) => node.cluster),
  ),
  field(
    "operation",
    "op",
    "text",
    ofNode(({ kind, name }) => (kind === "operation" ? name : null)),
  ),
  field(
    "host",
    "hosts",
    "text",
    ofEdge(({ hosts }) => hosts),
  ),
  field("principal", "principals", "text", {
    node: ({ principals }) => principals,
    edge: ({ principals }) => [...principals.source, ...principals.destination],
  }),
  field(
    "principal.source",
    "sourceprincipal",
    "text",
    ofEdge((edge) => edge.principals.source),
  ),
  field(
    "principal.target",
    "destprincipal principal.destination",
    "text",
    ofEdge((edge) => edge.principals.destination),
  ),
  field(
    "rps.in",
    "in",
    "rate",
    ofNode((node) => node.in.rps),
  ),
  field(
    "rps.out",
    "out",
    "rate",
    ofNode((node) => node.out.rps),
  ),
  field(
    "error.out",
    "",
    "share",
    ofNode((node) => node.out.error_ratio),
  ),
  field(
    "share",
    "%traffic %httptraffic %grpctraffic",
    "share",
    ofEdge(({ source, rps }, world) => shareOf(rps, world.node(source)?.out.rps)),
  ),
  field("throughput", "bytes bps", "bytes", {
    node: (node) => sum(node.in.sent_bps, node.in.received_bps),
    edge: ({ sent_bps, received_bps }) => sum(sent_bps, received_bps),
  }),
  field("sent", "response_bytes", "bytes", {
    node: (node) => node.in.sent_bps,
    edge: ({ sent_bps }) => sent_bps,
  }),
  field("received", "request_bytes", "bytes", {
    node: (node) => node.in.received_bps,
    edge: ({ received_bps }) => received_bps,
  }),
  ...traffic("http"),
  ...traffic("grpc"),
  ...traffic("tcp"),
  field("http.error", "%httperr httperr", "share", errorsOn("http")),
  field("grpc.error", "%grpcerr grpcerr", "share", errorsOn("grpc")),
  field(
    "messages",
    "",
    "rate",
    ofEdge(({ sent_mps, received_mps }) => sum(sent_mps, received_mps)),
  ),
  field(
    "connections",
    "",
    "rate",
    ofEdge(({ connections_per_s }) => connections_per_s),
  ),
  field(
    "reporter",
    "",
    "choice",
    ofEdge(({ reporter }) => reporter),
    ["destination", "waypoint", "source", "mixed"],
  ),
  field(
    "network",
    "",
    "duration",
    ofEdge((edge) => edge.gap?.network_ms ?? null),
  ),
  field(
    "unreached",
    "",
    "rate",
    ofEdge((edge) => edge.gap?.unreached_rps ?? null),
  ),
  field(
    "timedout",
    "timed_out",
    "rate",
    ofEdge((edge) => edge.gap?.timed_out_rps ?? null),
  ),
  field(
    "abandoned",
    "",
    "rate",
    ofEdge((edge) => edge.gap?.abandoned_rps ?? null),
  ),
  field(
    "retried",
    "retries",
    "rate",
    ofEdge((edge) => edge.gap?.retried_rps ?? null),
  ),
  field(
    "rank",
    "",
    "count",
    ofNode(({ id }, world) => world.rank(id)),
  ),
  field(
    "callers",
    "",
    "count",
    ofNode(({ id }, world) => world.neighbours(id, "callers")),
  ),
  field(
    "calls",
    "",
    "count",
    ofNode(({ id }, world) => world.neighbours(id, "calls")),
  ),
  field("entry", "root trafficsource", "choice", ofNode(isEntry), YES_NO),
  field(
    "outside",
    "",
    "choice",
    ofNode((node) => yes(node.outside)),
    YES_NO,
  ),
] as const;

export type FieldName = (typeof ALL)[number]["name"];
export const FIELDS: readonly Field[] = ALL;

function flagsOf(flags: string): string[] {
  return flags.split(",").filter(Boolean);
}

function versionsOf({ version, versions }: Node): readonly string[] {
  return version === null || versions.includes(version) ? versions : [version, ...versions];
}

function shareOf(part: number | null, whole: number | null | undefined): number | null {
  return part === null || !whole ? null : part / whole;
}

/** The sum of what is known of two; null where nothing is. */
function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function isEntry({ id }: Node, world: World): string {
  return yes(world.neighbours(id, "callers") === 0 && world.neighbours(id, "calls") > 0);
}

const byName = new Map(
  FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each] as const)),
);

export function fieldOf(name: string): Field | undefined {
  return byName.get(name.toLowerCase());
}

export const OWNERS: Readonly<Record<string, Exclude<Owner, null>>> = {
  source: "source",
  src: "source",
  from: "source",
  target: "target",
  destination: "target",
  dest: "target",
  to: "target",
  node: "node",
  edge: "edge",
};

/** Whether an owner has the field: the ends of an edge are nodes. */
export function has(owner: Owner, { node, edge }: Field): boolean {
  return owner === null || (owner === "edge" ? edge : node) !== null;
}
