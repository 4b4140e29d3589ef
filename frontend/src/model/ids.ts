/**
 * What the server's ids tell of what is not in the graph: a letter for the kind, then cluster,
 * namespace and names, each percent-encoded; of an edge, those of both ends.
 */

/** The namespaces that a node lies in, or both ends of an edge; not that which a node stands for. */
export function namespacesOf(id: string): readonly string[] {
  const ends = id.split("|").slice(0, 2);
  return [...new Set(ends.flatMap((end) => placeOf(end)?.namespace ?? []))];
}

/** The id of the node that stands for a namespace, when `id` lies in it. */
export function wholeOf(id: string, namespace: string): string | null {
  const place = placeOf(id);
  if (place?.namespace !== namespace) return null;
  return ["n", place.cluster, place.part].join("/");
}

interface Place {
  namespace: string;
  /** Cluster and namespace as ids have them. */
  cluster: string;
  part: string;
}

/** Kinds of nodes that lie in a namespace: workload, app, versioned app, service, unknown. */
const INSIDE = /^[wavsu]$/;

function placeOf(id: string): Place | null {
  const [letter = "", first = "", second = ""] = id.split("/");
  // An operation's id has that of its node in it.
  if (letter === "o") return placeOf(decoded(first));
  const namespace = INSIDE.test(letter) ? decoded(second) : "";
  return namespace === "" ? null : { namespace, cluster: first, part: second };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
