import type { SourceFacts } from "./entities";

type Version = SourceFacts["istio_versions"][number];

// Runs of digits count as numbers: 1.5 comes before 1.10.
export const byParts = new Intl.Collator("en", { numeric: true });

/** Components by name, and each one's versions from old to new. */
export function inOrder(versions: readonly Version[]): Version[] {
  return [...versions].sort(
    (a, b) => byParts.compare(a.component, b.component) || byParts.compare(a.version, b.version),
  );
}

/** The versions of all components together, each once, from old to new. */
export function distinct(versions: readonly Version[]): string[] {
  return [...new Set(versions.map(({ version }) => version))].sort(byParts.compare);
}
