import { computed, effect } from "@preact/signals";
import type { MeshvizStatus } from "../model/entities";
import type { Store } from "../model/store";

const AGAIN_MS = 60_000;
// What there is in the mesh is known after the first polls.
const SOON_MS = 10_000;

type FetchStatus = (signal: AbortSignal) => Promise<MeshvizStatus>;

/**
 * Keep what the server says of its source in the store: asked for on every new connection, when
 * Prometheus comes or goes, and once a minute. The answer costs Prometheus nothing.
 */
export function watchFacts(store: Store, fetch: FetchStatus): () => void {
  const occasion = computed(() =>
    store.link.value.state === "open" ? (store.source.value?.state ?? "open") : null,
  );
  return effect(() => {
    if (occasion.value === null) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const eras = await learn(store, fetch, controller.signal);
      if (!controller.signal.aborted) {
        timer = setTimeout(() => void ask(), eras > 0 ? AGAIN_MS : SOON_MS);
      }
    };
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  });
}

/** Take one answer into the store; return how many eras are known. */
async function learn(store: Store, fetch: FetchStatus, signal: AbortSignal): Promise<number> {
  try {
    const { source, version } = await fetch(signal);
    if (signal.aborted) return 0;
    store.serverVersion.value = version;
    store.facts.value = source;
  } catch {
    // The websocket's own state tells the viewer what is wrong; old facts stay true meanwhile.
  }
  return store.facts.peek()?.eras.length ?? 0;
}
