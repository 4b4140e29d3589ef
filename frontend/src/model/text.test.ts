import { describe, expect, it } from "vitest";
import { elided, visible } from "./text";

describe("visible text", () => {
  it.each([
    ["a\nb\tc\0", "a␊b␉c␀"],
    ["del\x7f", "del␡"],
    ["admin\u202enimda", "admin⟨U+202E⟩nimda"],
    ["a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"],
    ["a\u200bb\ufeffc", "a⟨U+200B⟩b⟨U+FEFF⟩c"],
    ["\u0085", "⟨U+0085⟩"],
    ["lone\ud800", "lone⟨U+D800⟩"],
  ])("shows %j as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(["reviews-v1", `<img src=x onerror="alert('1')">`, "サービス", "👩‍👩‍👧", "שלום", "Ünï"])(
    "leaves %j alone",
    (text) => expect(visible(text)).toBe(text),
  );

  it("keeps marks from piling up", () => {
    const piled = `a${"\u0301".repeat(300)}b`;

    expect(visible(piled)).toHaveLength(6);
  });
});

describe("elided text", () => {
  it("keeps what is short enough", () => {
    expect(elided("reviews", 7)).toBe("reviews");
  });

  it("leaves out the middle", () => {
    const text = elided(`start${"x".repeat(300)}end`, 20);

    expect(text).toMatch(/^start.*…x*end$/);
    expect(text).toHaveLength(20);
  });

  it("never cuts a letter in two", () => {
    const families = "👩‍👩‍👧".repeat(30);

    expect(elided(families, 10)).toBe(`${"👩‍👩‍👧".repeat(6)}…${"👩‍👩‍👧".repeat(3)}`);
  });

  it("counts letters, not code units", () => {
    const families = "👩‍👩‍👧".repeat(10);

    expect(elided(families, 10)).toBe(families);
  });
});
