/**
 * Fail when what a browser downloads, compressed, is above its budget: for the first picture, and
 * for each part of the page that is only fetched when somebody asks for it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// Through a port-forward to a far cluster, a page of this size is still there within seconds.
const FIRST_KB = 150;
// What opens on a click must be there before the click is regretted.
const LATER_KB = 60;
const ENTRY = "src/main.tsx";

const dist = join(import.meta.dirname, "..", "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));

/** A chunk's files: itself, its style sheets, its workers, and all that it imports statically. */
function filesOf(name, seen = new Set()) {
  const chunk = manifest[name];
  if (seen.has(name)) return [];
  seen.add(name);
  const own = [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])];
  return [...own, ...(chunk.imports ?? []).flatMap((each) => filesOf(each, seen))];
}

const weighed = new Map();
function weightKb(file) {
  const isCode = /\.(js|css)$/.test(file);
  if (!weighed.has(file)) {
    const bytes = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
    weighed.set(file, isCode ? bytes / 1000 : 0);
  }
  return weighed.get(file);
}
const sumKb = (files) => files.reduce((sum, file) => sum + weightKb(file), 0);

const first = [...new Set(filesOf(ENTRY))];
const later = Object.keys(manifest)
  .filter((name) => manifest[name].isDynamicEntry)
  .map((name) => [name, [...new Set(filesOf(name))].filter((file) => !first.includes(file))])
  .sort(([a], [b]) => (a < b ? -1 : 1));

const line = (kb, most, what) => `${kb.toFixed(1).padStart(6)} kB of at most ${most} kB  ${what}`;
console.log(line(sumKb(first), FIRST_KB, "first picture"));
for (const [name, files] of later) console.log(line(sumKb(files), LATER_KB, name));
const all = new Set([...first, ...later.flatMap(([, files]) => files)]);
console.log(
  `${sumKb([...all])
    .toFixed(1)
    .padStart(6)} kB everything together, compressed`,
);

const heavy = later.filter(([, files]) => sumKb(files) > LATER_KB);
if (sumKb(first) > FIRST_KB || heavy.length > 0) {
  const list = (sumKb(first) > FIRST_KB ? first : heavy.flatMap(([, files]) => files))
    .map((file) => `  ${weightKb(file).toFixed(1).padStart(6)} kB  ${file}`)
    .join("\n");
  console.error(`The page is too heavy:\n${list}`);
  console.error("Load less at the start with import(), or use something smaller.");
  process.exit(1);
}
