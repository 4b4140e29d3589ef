import { expect, it } from "vitest";
import { translate } from "../../locales/translate";
import { chartsOf } from "../../model/charts";
import { history, series } from "../../testing/make";
import { lineName } from "./naming";

it("tells connections that failed from those that were opened, in one chart", () => {
  const lines = [
    series("failed_connections_per_s", { way: "in" }),
    series("connections_per_s", { way: "in" }),
  ];

  const [chart, ...others] = chartsOf(history({ series: lines }));

  expect(others).toEqual([]);
  const names = (locale: "en" | "ja") =>
    chart?.lines.map((line) => lineName(chart, line, (key) => translate(locale, key)));
  expect(names("en")).toEqual(["opened, inbound", "failed, inbound"]);
  expect(names("ja")).toEqual(["開始, 受信", "失敗, 受信"]);
});
