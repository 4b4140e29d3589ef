import { describe, expect, it } from "vitest";
import { fixed } from "./mistake";
import { parse } from "./parse";
import { print } from "./print";

/** The expression in its plainest writing, or the mistake in it with the text that it marks. */
function read(text: string): string {
  const parsed = parse(text);
  if (parsed.ok) return parsed.ast === null ? "" : print(parsed.ast);
  const { kind, start, end } = parsed.mistake;
  return `${kind} at [${text.slice(start, end)}] ${start}`;
}

describe("reads", () => {
  it.each([
    ["ns = bookinfo", "namespace = bookinfo"],
    ["name *= review", "name *= review"],
    ["latency.p95 > 250ms", "latency.p95 > 250ms"],
    ["health = failing", "health = failing"],
    ["code = 503", "code = 503"],
    ["flag = UO", "flag = UO"],
    ["rps > 10 and error > 1% or mtls != full", "rps > 10 and error > 1% or mtls != full"],
  ])("the issue's %s", (text, printed) => expect(read(text)).toBe(printed));

  it.each([
    ["a = b", "fieldUnknown at [a] 0"],
    ["", ""],
    ["  \u3000 ", ""],
    ["name=a", "name = a"],
    [
      "NAME = Reviews AND Ns = Shop Or idle",
      "name = Reviews and namespace = Shop or health = idle",
    ],
    ["name = a or name = b and name = c", "name = a or name = b and name = c"],
    ["(name = a or name = b) and name = c", "(name = a or name = b) and name = c"],
    ["name = a and (name = b and name = c)", "name = a and (name = b and name = c)"],
    ["((name = a))", "name = a"],
    ["not name = a and name = b", "not name = a and name = b"],
    ["not (name = a and name = b)", "not (name = a and name = b)"],
    ["!!idle", "not not health = idle"],
    ["name = a && name = b || !idle", "name = a and name = b or not health = idle"],
    ["name contains rev", "name *= rev"],
    ["name not contains rev", "name !*= rev"],
    ["name !contains rev", "name !*= rev"],
    ["name !*= rev", "name !*= rev"],
    ["name startswith a and name endswith z", "name ^= a and name $= z"],
    ["name in (a, b,c)", "name in (a, b, c)"],
    ["code not in (200, 404)", "code not in (200, 404)"],
    ["code ! in (200)", "code not in (200)"],
    ["health is not failing", "health != failing"],
    ["rps is unknown", "rps = unknown"],
    ["name = 'it is'", 'name = "it is"'],
    ["name = 'say \\'so\\''", "name = \"say 'so'\""],
    [
      "host = reviews.bookinfo.svc.cluster.local:9080",
      "host = reviews.bookinfo.svc.cluster.local:9080",
    ],
    ["principal $= /sa/default", "principal $= /sa/default"],
    ["name = \"and\" and name = 'unknown'", 'name = "and" and name = "unknown"'],
    ["source.ns = a and to.app = b", "source.namespace = a and target.app = b"],
    ["node.rps > 1 and edge.rps > 1", "node.rps > 1 and edge.rps > 1"],
    ["source.latency > 5", "source.latency.p95 > 5ms"],
    ["source.failing", "source.health = failing"],
    ["kind = unknown", "kind = unknown"],
    ["mtls", "mtls = full"],
    ["mtls = plaintext", "mtls = none"],
    ["mtls < 100%", "mtls.ratio < 100%"],
    ["mtls = 50", "mtls.ratio = 50%"],
    ["code = 5xx", "code = 5xx"],
    ["code >= 500", "code >= 500"],
    ["rps ≥ 5 and rps ≠ 7 and rps <> 8", "rps >= 5 and rps != 7 and rps != 8"],
  ])("%s", (text, printed) => expect(read(text)).toBe(printed));

  it.each([
    ["! healthy", "not health = healthy"],
    ["!healthy", "not health = healthy"],
    ["not is healthy", "not health = healthy"],
    ["is not healthy", "not health = healthy"],
    ["has mtls", "mtls = full"],
    ["rt > 1000", "latency.p95 > 1000ms"],
    ["responsetime >= 200", "latency.p95 >= 200ms"],
    ["%httperr > 10", "http.error > 10%"],
    ["%grpcerr > 0.5", "grpc.error > 0.5%"],
    ["%httptraffic < 50.0", "share < 50%"],
    ["node = service", "kind = service"],
    ["httpin > 0.5", "http.in > 0.5"],
    ["tcpout > 1000", "tcp.out > 1000B"],
    ["rank <= 2", "rank <= 2"],
    ["name = unknown", "name = unknown"],
    ["grpc != NaN", "grpc != unknown"],
    ["svc ^= cart OR op $= get", "service ^= cart or operation $= get"],
    ["trafficsource", "entry = yes"],
    ["serviceentry", "kind = external"],
    ["inaccessible", "kind in (passthrough, blackhole, unknown)"],
    ["sourceprincipal *= sleep", "principal.source *= sleep"],
    ["destprincipal *= httpbin", "principal.target *= httpbin"],
    ["throughput > 1000", "throughput > 1000B"],
    ["protocol = grpc", "protocol = grpc"],
  ])("Kiali's %s", (text, printed) => expect(read(text)).toBe(printed));

  it.each([
    ["latency.p99 > 1.5s", "latency.p99 > 1500ms"],
    ["p50 > 250 ms", "latency.p50 > 250ms"],
    ["avg < 500us", "latency.avg < 0.5ms"],
    ["throughput > 10kB", "throughput > 10000B"],
    ["throughput > 10KB/s", "throughput > 10000B"],
    ["sent > 1MiB", "sent > 1048576B"],
    ["rps > 5rps", "rps > 5"],
    ["rps > 1.2k", "rps > 1200"],
    ["error > 1 % and rps > 5 rps", "error > 1% and rps > 5"],
    ["error > .5", "error > 0.5%"],
    ["rps > 1e3", "rps > 1000"],
  ])("units: %s", (text, printed) => expect(read(text)).toBe(printed));
});

describe("tells what is wrong, and where", () => {
  it.each([
    ["namspace = a", "fieldUnknown at [namspace] 0"],
    ["rps > 10 and eror > 1", "fieldUnknown at [eror] 13"],
    ["reviews", "wordUnknown at [reviews] 0"],
    ["helthy", "wordUnknown at [helthy] 0"],
    ["vs", "ofKubernetes at [vs] 0"],
    ["label:app = x", "ofKubernetes at [label:app] 0"],
    ["rps >", "valueMissing at [] 5"],
    ["rps > and idle", "valueMissing at [and] 6"],
    ["rps > )", "valueMissing at [)] 6"],
    ["name", "operatorMissing at [] 4"],
    ["name a", "operatorMissing at [a] 5"],
    ["rps > 1 and", "termMissing at [] 11"],
    ["and rps > 1", "termMissing at [and] 0"],
    ["= 5", "termMissing at [=] 0"],
    ["not", "termMissing at [] 3"],
    ["()", "termMissing at [)] 1"],
    ["(rps > 1", "parenNotClosed at [(] 0"],
    ["rps > 1)", "parenTooMany at [)] 7"],
    ["rps > 1 idle", "joinMissing at [idle] 8"],
    ["(rps > 1 idle)", "joinMissing at [idle] 9"],
    ["name = 'a", "textNotClosed at ['a] 7"],
    ["'a", "textNotClosed at ['a] 0"],
    ["name > 5", "operatorWrong at [>] 5"],
    ["health *= fail", "operatorWrong at [*=] 7"],
    ["rps ^= 1", "operatorWrong at [^=] 4"],
    ["rps > many", "numberWrong at [many] 6"],
    ["rps > 5ms", "unitWrong at [5ms] 6"],
    ["latency > 5kB", "unitWrong at [5kB] 10"],
    ["rps > unknown", "numberWrong at [unknown] 6"],
    ["code > a", "numberWrong at [a] 7"],
    ["health = falling", "choiceWrong at [falling] 9"],
    ["protocol = udp", "choiceWrong at [udp] 11"],
    ["name in a", "listMissing at [a] 8"],
    ["name in (a", "parenNotClosed at [(] 8"],
    ["name in (a b)", "listMissing at [b] 11"],
    ["name in ()", "valueMissing at [)] 9"],
    ["source.protocol = tcp", "ownerWrong at [source.protocol] 0"],
    ["edge.name = a", "ownerWrong at [edge.name] 0"],
    ["node.tcp", "ownerWrong at [node.tcp] 0"],
    ["source. = a", "fieldUnknown at [source.] 0"],
    [`${"(".repeat(5000)}idle`, "tooDeep at [(] 50"],
    [`${"!".repeat(5000)}idle`, "tooDeep at [!] 50"],
  ])("%s", (text, wrong) => expect(read(text)).toBe(wrong));

  it.each([
    ["namspace = a", "namespace = a"],
    ["rps > 10 and eror > 1", "rps > 10 and error > 1"],
    ["source.nmae = a", "source.name = a"],
    ["latncy.p95 > 1s", "latency.p95 > 1s"],
    ["helthy", "healthy"],
    ["frontpage", "name *= frontpage"],
    ["health = falling", "health = failing"],
    ["rps > 1 idle", "rps > 1 and idle"],
    ["xyzzy = 1", null],
  ])("and what was meant by %s", (text, meant) => {
    const parsed = parse(text);
    const fix = parsed.ok ? null : parsed.mistake.fix;
    expect(fix === null ? null : fixed(text, fix)).toBe(meant);
  });

  it("in words of the language: what a field accepts", () => {
    const parsed = parse("health = blue");
    expect(parsed.ok ? {} : parsed.mistake.values).toEqual({
      field: "health",
      value: "blue",
      accepted: "failing, degraded, healthy, idle, unknown",
    });
  });
});
