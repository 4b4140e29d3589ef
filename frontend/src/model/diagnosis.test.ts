import { expect, it } from "vitest";
import { check, diagnosis, facts } from "../testing/make";
import { asText, asked, counts, sourceName } from "./diagnosis";

const ill = diagnosis({
  at: 0,
  source: facts({
    flavor: "Thanos",
    version: "0.35.0",
    eras: [{ era: "native", series: 120 }],
    istio_versions: [{ component: "pilot", version: "1.24.2", count: 2 }],
  }),
  checks: [
    check("reachability"),
    check("double_scraping", { state: "red", detail: "2.0 times over", advice: "Drop a job." }),
  ],
});

it("becomes a text that can be pasted into a bug report", () => {
  expect(asText(ill, "0.3.0")).toBe(`meshviz 0.3.0, diagnosis of 1970-01-01T00:00:00.000Z
source: Thanos 0.35.0
istio: pilot 1.24.2 (2)
telemetry: native (120 series)

[green] Reachability: all is well
[red] Double scraping: 2.0 times over
    -> Drop a job.
`);
});

it("keeps checks that this page does not know yet", () => {
  const newer = { ...check("clock"), id: "moon" as "clock" };

  expect(asText(diagnosis({ checks: [newer] }), "1")).toContain("[green] moon: all is well");
});

it("leaves the address of Prometheus out of what is made public", () => {
  const source = facts({ url: "http://prometheus.secret.example" });

  expect(asText(diagnosis({ source }), "1")).not.toContain("secret");
});

it("counts by state", () => {
  expect(counts(ill.checks)).toEqual({ red: 1, amber: 0, green: 1, skipped: 0 });
});

it("names a source by its kind when it does not say more", () => {
  expect(sourceName(facts({ kind: "recording", flavor: null, version: null }))).toBe("recording");
});

it("says where the source is to those alone who are told", () => {
  expect(asked(facts({ url: "http://prometheus:9090" }))).toBe(
    `${sourceName(facts())} http://prometheus:9090`,
  );
  expect(asked(facts({ url: "" }))).toBe(sourceName(facts()));
});
