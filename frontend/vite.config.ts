import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * The page allows style sheets from its own files only, and force-graph writes a <style> element
 * when it loads. The few rules that matter are in src/styles/canvas.css.
 */
function withoutInjectedStyles(): Plugin {
  return {
    name: "without-injected-styles",
    enforce: "pre",
    transform(code, id) {
      if (!/node_modules\/force-graph\//.test(id)) return null;
      return { code: code.replaceAll("styleInject(css_248z);", ""), map: null };
    },
  };
}

/** What force-graph imports and never uses here. */
const UNUSED = ["bezier-js", "d3-scale-chromatic", "float-tooltip"];
const nothing = fileURLToPath(new URL("src/view/nothing.ts", import.meta.url));

// Where `npm run dev` finds the server that speaks REST and the websocket.
const backend = process.env.MESHVIZ_DEV_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/static/",
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: true }), withoutInjectedStyles()],
  resolve: { alias: Object.fromEntries(UNUSED.map((name) => [name, nothing])) },
  optimizeDeps: { exclude: ["force-graph"] },
  worker: { format: "es" },
  build: {
    outDir: "dist",
    manifest: true,
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["src/main.tsx", "src/styles/login.css"] },
  },
  server: {
    proxy: {
      "/api": backend,
      "/healthz": backend,
      "/ws": { target: backend.replace(/^http/, "ws"), ws: true },
    },
  },
  test: {
    // Files that need a page say so themselves; starting one for each would cost seconds.
    environment: "node",
    setupFiles: ["src/testing/words.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
