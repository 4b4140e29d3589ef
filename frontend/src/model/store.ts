import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import type { Understand } from "./asking";
import type { Descent } from "./drill";
import type { Frame, GraphType, SourceFacts, SourceStatus } from "./entities";
import type { Filter } from "./filter";
import type { Label } from "./labels";
import type { Looks, Stillness } from "./looks";
import { type Mesh, NOTHING, apply } from "./mesh";
import { type Link, type Notice, ageS, notice, slowAgeS } from "./notice";
import type { Page, Selection } from "./page";
import { pictureOf } from "./picture";
import { type Found, foundIn } from "./search";
import { type Summary, summarise } from "./summary";
import { DEFAULT_VIEW, type View } from "./view";
import { ANYBODY, type Viewer } from "./viewer";

export type ThemeChoice = "auto" | "dark" | "light";
/** The dialog that is open; there is never more than one. */
export type Dialog = "help" | "diagnosis" | "tour" | "query" | null;
export type Locale = "en" | "ja";

/** A request that the server would not answer, in its words. */
export interface Refusal {
  text: string;
  /** What it is about: a parameter, or the limit that is reached ("views", "viewers"). */
  parameter: string;
  /** True when the page shows its usual view instead. */
  fellBack: boolean;
}

/** Everything the page knows, as signals: live writes it, view and ui draw it. */
export interface Store {
  readonly mesh: Signal<Mesh>;
  /** This browser's clock when the last frame came, in ms. */
  readonly receivedAt: Signal<number>;
  /** This browser's clock, ticking once a second, in ms. */
  readonly now: Signal<number>;
  readonly link: Signal<Link>;
  readonly view: Signal<View>;
  readonly labels: Signal<readonly Label[]>;
  readonly selection: Signal<Selection>;
  readonly filter: Signal<Filter>;
  readonly looks: Signal<Looks>;
  /** Why dots stand still although they may move; null while they move or are switched off. */
  readonly still: Signal<Stillness | null>;
  /** Whether dots move: they may, and the numbers that they show are alive. */
  readonly moves: ReadonlySignal<boolean>;
  readonly hover: Signal<Selection>;
  /** True while a first layout takes so long that an empty picture wants a word. */
  readonly laying: Signal<boolean>;
  readonly search: Signal<string>;
  /** Whether the bar with Find and Hide is there, and to be typed in at once. */
  readonly asking: Signal<"closed" | "open" | "typing">;
  /** What reads Find and Hide; null until somebody uses them. */
  readonly understand: Signal<Understand | null>;
  readonly paused: Signal<boolean>;
  readonly theme: Signal<ThemeChoice>;
  readonly systemDark: Signal<boolean>;
  readonly locale: Signal<Locale>;
  /** Look-back windows that the server accepts, and its default. */
  readonly windows: Signal<readonly string[]>;
  readonly defaultWindow: Signal<string | null>;
  /** The share of the time (0..1) that Prometheus may be busy with meshviz' questions. */
  readonly queryBudget: Signal<number | null>;
  /** What to draw inside a namespace that is opened from a graph of namespaces. */
  readonly fineType: Signal<GraphType>;
  /** How the namespace on screen was opened; null when it was picked otherwise. */
  readonly descent: Signal<Descent | null>;
  /** The server's word on a request it could not follow. */
  readonly refusal: Signal<Refusal | null>;

  readonly viewer: Signal<Viewer>;
  /** What the server says of its source; null before its first word. */
  readonly facts: Signal<SourceFacts | null>;
  readonly serverVersion: Signal<string>;
  readonly dialog: Signal<Dialog>;

  readonly dark: ReadonlySignal<boolean>;
  /** The part of the mesh that is drawn: what picture, tables and exports show. */
  readonly picture: ReadonlySignal<Mesh>;
  /** What stands out in it: what the search or Find chose; null when nothing is asked. */
  readonly matches: ReadonlySignal<Found | null>;
  readonly summary: ReadonlySignal<Summary>;
  /** The same of all that the server sent, whatever the filter hides. */
  readonly wholeSummary: ReadonlySignal<Summary>;
  readonly notice: ReadonlySignal<Notice | null>;
  readonly ageS: ReadonlySignal<number | null>;
  /** The same for quantiles, bytes and messages, which are asked for less often. */
  readonly slowAgeS: ReadonlySignal<number | null>;
  readonly source: ReadonlySignal<SourceStatus | null>;
  /** What is odd about source and data although they work, each once. */
  readonly warnings: ReadonlySignal<readonly string[]>;
}

export interface Preferences {
  theme: ThemeChoice;
  locale: Locale;
  systemDark: boolean;
  /** Whether the bar with Find and Hide is open at first. */
  asking?: boolean;
}

export function createStore(page: Page, preferences: Preferences, now: number): Store {
  const mesh = signal(NOTHING);
  const receivedAt = signal(now);
  const clock = signal(now);
  const link = signal<Link>({ state: "connecting" });
  const search = signal("");
  const theme = signal(preferences.theme);
  const systemDark = signal(preferences.systemDark);
  const filter = signal(page.filter);
  const understand = signal<Understand | null>(null);
  const asked = (text: string) => understand.value?.(text) ?? null;
  const picture = computed(() => pictureOf(mesh.value, filter.value, asked(filter.value.hide)));
  const summary = computed(() => summarise(picture.value));
  const facts = signal<SourceFacts | null>(null);
  const looks = signal(page.looks);
  const still = signal<Stillness | null>(null);
  const paused = signal(false);
  const noticed = computed(() => notice(mesh.value, link.value));
  return {
    mesh,
    receivedAt,
    now: clock,
    link,
    view: signal(page.view),
    labels: signal(page.labels),
    selection: signal(page.selection),
    filter,
    looks,
    picture,
    still,
    // Numbers that stand still must not look alive.
    moves: computed(
      () =>
        looks.value.motion !== "off" &&
        still.value === null &&
        noticed.value === null &&
        !paused.value,
    ),
    hover: signal<Selection>(null),
    laying: signal(false),
    search,
    asking: signal<"closed" | "open" | "typing">(preferences.asking ? "open" : "closed"),
    understand,
    paused,
    theme,
    systemDark,
    locale: signal(preferences.locale),
    windows: signal<readonly string[]>([]),
    defaultWindow: signal<string | null>(null),
    queryBudget: signal<number | null>(null),
    fineType: signal<GraphType>(DEFAULT_VIEW.graphType),
    descent: signal<Descent | null>(null),
    refusal: signal<Refusal | null>(null),
    viewer: signal(ANYBODY),
    facts,
    serverVersion: signal(""),
    dialog: signal<Dialog>(null),
    dark: computed(() => (theme.value === "auto" ? systemDark.value : theme.value === "dark")),
    matches: computed(() => foundIn(picture.value, search.value, asked(filter.value.find))),
    summary,
    wholeSummary: computed(() =>
      picture.value === mesh.value ? summary.value : summarise(mesh.value),
    ),
    notice: noticed,
    ageS: computed(() => ageS(mesh.value, receivedAt.value, clock.value)),
    slowAgeS: computed(() => slowAgeS(mesh.value, receivedAt.value, clock.value)),
    source: computed(() => mesh.value.source),
    warnings: computed(() => [
      ...new Set([...(mesh.value.source?.warnings ?? []), ...(facts.value?.warnings ?? [])]),
    ]),
  };
}

/** Take a frame into the store. */
export function receive(store: Store, frame: Frame, now: number): void {
  store.mesh.value = apply(store.mesh.peek(), frame);
  store.receivedAt.value = now;
  store.now.value = now;
}
