import { type Field, fieldOf } from "./fields";
import type { Op, Value } from "./ast";

/** Words that hold by themselves: `failing` for `health = failing`. */
interface Flag {
  readonly field: Field["name"];
  readonly op: Op;
  readonly values: readonly string[];
}

const is = (field: Field["name"], ...values: readonly string[]): Flag => ({
  field,
  op: values.length === 1 ? "=" : "in",
  values,
});

export const FLAGS: Readonly<Record<string, Flag>> = {
  healthy: is("health", "healthy"),
  unhealthy: is("health", "degraded", "failing"),
  degraded: is("health", "degraded"),
  failing: is("health", "failing"),
  idle: is("health", "idle"),
  mtls: is("mtls", "full"),
  plaintext: is("mtls", "none"),
  http: is("protocol", "http"),
  grpc: is("protocol", "grpc"),
  tcp: is("protocol", "tcp"),
  entry: is("entry", "yes"),
  outside: is("outside", "yes"),
  external: is("kind", "external"),
  gateway: is("kind", "gateway"),
  waypoint: is("kind", "waypoint"),
  inaccessible: is("kind", "passthrough", "blackhole", "unknown"),
};

const OTHER_FLAGS: Readonly<Record<string, string>> = {
  trafficsource: "entry",
  root: "entry",
  serviceentry: "external",
  se: "external",
};

export function flagOf(word: string): Flag | undefined {
  const name = word.toLowerCase();
  return FLAGS[OTHER_FLAGS[name] ?? name];
}

/** Kiali's words for what only Kubernetes' objects say, which meshviz does not read. */
const OF_KUBERNETES = new Set(
  (
    "circuitbreaker cb faultinjection fi mirroring requestrouting rr requesttimeout rto outofmesh om " +
    "tcptrafficshifting tcpts trafficshifting ts virtualservice vs workloadentry we dead label"
  ).split(" "),
);

export function isOfKubernetes(word: string): boolean {
  return OF_KUBERNETES.has(word.toLowerCase().split(":")[0] ?? "");
}

/** Other words for the same choice. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  health: { failure: "failing", error: "failing", ok: "healthy", warning: "degraded" },
  mtls: {
    mtls: "full",
    yes: "full",
    on: "full",
    true: "full",
    partial: "mixed",
    plaintext: "none",
    plain: "none",
    no: "none",
    off: "none",
    false: "none",
  },
  entry: { true: "yes", false: "no" },
  outside: { true: "yes", false: "no" },
  kind: { serviceentry: "external" },
};

/** The choice that a word means, in the field's own words; undefined for none of them. */
export function choiceOf(field: Field, word: string): string | undefined {
  const text = word.toLowerCase();
  const meant = CHOICES[field.name]?.[text] ?? text;
  return field.values.find((choice) => choice === meant);
}

/** Whether a word may become one of a field's choices when more is typed. */
export function choicesStarting(field: string, start: string): boolean {
  const text = start.toLowerCase();
  const others = [...Object.keys(CHOICES[field] ?? {}), ...UNKNOWN_WORDS, "not"];
  return [...(fieldOf(field)?.values ?? []), ...others].some((word) => word.startsWith(text));
}

/** Kiali writes "no activity" as NaN. */
const UNKNOWN_WORDS = ["unknown", "nan"];

export function isUnknownWord(word: string): boolean {
  return UNKNOWN_WORDS.includes(word.toLowerCase());
}

export const KEYWORDS = ["and", "or", "not", "in", "is", "has"] as const;
export const WORD_OPERATORS: Readonly<Record<string, Op>> = {
  contains: "*=",
  startswith: "^=",
  endswith: "$=",
};
const SIGNS: Readonly<Record<string, Op>> = {
  "==": "=",
  "<>": "!=",
  "≠": "!=",
  "≥": ">=",
  "≤": "<=",
};
const OPPOSITES: Readonly<Partial<Record<Op, Op>>> = {
  "=": "!=",
  "*=": "!*=",
  "^=": "!^=",
  "$=": "!$=",
  in: "!in",
};

export function signOf(text: string): Op {
  return SIGNS[text] ?? (text as Op);
}

export function oppositeOf(op: Op): Op | undefined {
  return OPPOSITES[op];
}

export function textValue(text: string): Value {
  return { kind: "text", text };
}

/** Every name that a term may start with. */
export function startingWords(): readonly string[] {
  return [...Object.keys(FLAGS), ...Object.keys(OTHER_FLAGS)].filter(
    (word) => fieldOf(word) === undefined,
  );
}

export function isKeyword(word: string): boolean {
  return KEYWORDS.some((keyword) => keyword === word.toLowerCase());
}
