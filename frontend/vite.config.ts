import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * The page allows style sheets from its own files only, and two libraries write a <style>
 * element when they load. The few rules that matter are in src/styles/canvas.css.
 */
function withoutInjectedStyles(): Plugin {
  return {
    name: "without-injected-styles",
    enforce: "pre",
    transform(code, id) {
      if (!/node_modules\/(force-graph|float-tooltip)\//.test(id)) return null;
      return { code: code.replaceAll("styleInject(css_248z);", ""), map: null };
    },
  };
}

// Where `npm run dev` finds the server that speaks REST and the websocket.
const backend = process.env.MESHVIZ_DEV_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/static/",
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: true }), withoutInjectedStyles()],
  optimizeDeps: { exclude: ["force-graph", "float-tooltip"] },
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
