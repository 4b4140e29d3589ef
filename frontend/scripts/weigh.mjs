/** Fail when what a browser downloads for the page, compressed, is above its budget. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// Through a port-forward to a far cluster, a page of this size is still there within seconds.
const BUDGET_KB = 150;
const folder = join(import.meta.dirname, "..", "dist", "assets");

const sizes = readdirSync(folder)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length / 1000]);
const sum = sizes.reduce((total, [, size]) => total + size, 0);
const text = `${sum.toFixed(1)} kB compressed of at most ${BUDGET_KB} kB`;

if (sum > BUDGET_KB) {
  const list = sizes.map(([name, size]) => `  ${size.toFixed(1).padStart(6)} kB  ${name}`);
  console.error(`The page is too heavy: ${text}.\n${list.join("\n")}`);
  console.error("Load less at the start, or use something smaller.");
  process.exit(1);
}
console.log(text);
