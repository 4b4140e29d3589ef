import { describe, expect, it } from "vitest";
import { Dots } from "./dots";
import { type Flows, STRIDE } from "./flows";

interface Flow {
  rate?: number;
  errors?: number;
  speed?: number;
  length?: number;
}

/** Flows along the x axis, by key. */
function flows(wanted: Readonly<Record<string, Flow>>): Flows {
  const keys = Object.keys(wanted);
  const data = new Float32Array(keys.length * STRIDE);
  Object.values(wanted).forEach(({ rate = 10, errors = 0, speed = 100, length = 100 }, i) => {
    const line = [0, i, length / 3, i, (length * 2) / 3, i, length, i];
    data.set([...line, length, rate, errors, speed, 0], i * STRIDE);
  });
  return { keys, data };
}

function run(dots: Dots, seconds: number): void {
  for (let t = 0; t < seconds; t += 1 / 60) dots.step(1 / 60);
}

function seen(dots: Dots): { x: number; bad: boolean }[] {
  const found: { x: number; bad: boolean }[] = [];
  dots.each((x, _, bad) => found.push({ x, bad }));
  return found;
}

describe("dots", () => {
  it("are there from the first moment, as many as are on their way", () => {
    const dots = new Dots(1000);

    dots.set(flows({ a: { rate: 10, speed: 100, length: 100 } }));

    expect(dots.count).toBeGreaterThanOrEqual(9);
    expect(dots.count).toBeLessThanOrEqual(11);
  });

  it("keep their number in proportion to the rate", () => {
    const dots = new Dots(1000);
    dots.set(flows({ slow: { rate: 2 } }));
    run(dots, 5);
    const few = dots.count;

    dots.set(flows({ slow: { rate: 8 } }));
    run(dots, 5);

    expect(dots.count / few).toBeGreaterThan(3);
    expect(dots.count / few).toBeLessThan(5);
  });

  it("are red in the share of errors", () => {
    const dots = new Dots(10_000);
    dots.set(flows({ a: { rate: 200, errors: 0.25 } }));
    run(dots, 3);

    const bad = seen(dots).filter((dot) => dot.bad).length;

    expect(bad / dots.count).toBeCloseTo(0.25, 1);
  });

  it("do not jump when the rate changes", () => {
    const dots = new Dots(1000);
    dots.set(flows({ a: { rate: 10 } }));
    run(dots, 2);
    const before = seen(dots).map((dot) => dot.x);

    dots.set(flows({ b: {}, a: { rate: 3 } }));

    expect(seen(dots).map((dot) => dot.x)).toEqual(expect.arrayContaining(before));
  });

  it("go with their edge", () => {
    const dots = new Dots(1000);
    dots.set(flows({ a: {}, b: {} }));

    dots.set(flows({}));

    expect(dots.count).toBe(0);
  });

  it("stay under the cap, and flows with errors keep theirs", () => {
    const dots = new Dots(100);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, { rate: 10 }]));
    dots.set(flows({ ...many, bad: { rate: 10, errors: 1 } }));
    run(dots, 8);

    expect(dots.count).toBeLessThan(160);
    expect(seen(dots).filter((dot) => dot.bad).length).toBeGreaterThanOrEqual(9);
  });
});
