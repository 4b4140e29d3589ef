import { build } from "esbuild";

// What `scripts/build-rival` calls, from this folder.
await build({
  entryPoints: ["src/main.tsx"],
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  // The style sheet of the library's tokens names fonts and pictures that a picture of a mesh has no use for.
  loader: { ".woff2": "empty", ".jpg": "empty", ".svg": "empty" },
  logLevel: "warning",
});
