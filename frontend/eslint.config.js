import js from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * Dependencies point one way: `lib, wire <- model <- live, view, ui <- main`. Each row says which
 * folders a folder must not import from; styles and words (locales) are leaves.
 */
const forbidden = {
  lib: ["wire", "model", "live", "view", "ui", "locales"],
  locales: ["wire", "model", "live", "view", "ui", "lib"],
  wire: ["lib", "model", "live", "view", "ui", "locales"],
  model: ["live", "view", "ui"],
  live: ["view", "ui"],
  view: ["live", "ui"],
  ui: ["live", "view"],
};

const asText = "Names are text: set textContent, or render a child.";

const layers = Object.entries(forbidden).map(([folder, others]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${others.join("|")}|main)(/|$)`,
            message: `src/${folder} must not depend on this folder.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist/", "src/wire/types.ts", "scripts/", "eslint.config.js"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      // A number in a template is what templates are for; the rest stays forbidden.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Handlers such as onClick={() => setOpen(true)} would need braces for no gain.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
    },
  },
  {
    // Names come from whoever sends requests through the mesh: they are text, never markup or code.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.{ts,tsx}"],
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "srcdoc"].map((property) => ({ property, message: asText })),
        ...["insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment"].map((property) => ({
          property,
          message: asText,
        })),
        { object: "document", property: "write", message: asText },
        { object: "document", property: "writeln", message: asText },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: asText },
        { selector: "NewExpression[callee.name='DOMParser']", message: asText },
      ],
    },
  },
  ...layers,
);
