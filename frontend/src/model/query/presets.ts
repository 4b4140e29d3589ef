/** Expressions that are asked for often, ready to be chosen; the page has a name for each. */

export const PRESETS = {
  find: {
    unhealthy: "unhealthy",
    errors: "error > 1%",
    slow: "latency.p95 > 1s",
    insecure: "mtls != full",
    unknown: "name = unknown or kind = unknown",
    hubs: "rank <= 2",
  },
  hide: {
    healthy: "healthy",
    idle: "idle",
    system: "ns = istio-system",
    tcp: "protocol = tcp",
    unknown: "name = unknown or kind = unknown",
    leaves: "rank > 2",
  },
} as const;

export type Asked = keyof typeof PRESETS;
export type PresetName = keyof typeof PRESETS.find | keyof typeof PRESETS.hide;

/** What the help shows: one for each thing that the language can do. */
export const EXAMPLES = [
  "rps > 10 and error > 1% or mtls != full",
  "ns = bookinfo",
  "name *= review",
  "latency.p95 > 250ms",
  "health = failing",
  "code = 503",
  "code = 5xx and not ns = istio-system",
  "flag = UO",
  "source.ns = shop and target.ns != shop",
  "version in (v1, v2)",
  "(http or grpc) and rps < 1",
  "latency.p95 is unknown",
] as const;
