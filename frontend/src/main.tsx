import { effect } from "@preact/signals";
import { render } from "preact";
import { syncAddress, visit } from "./address";
import { syncLanguage } from "./asking";
import { watchPlaces } from "./fragment";
import {
  fetchDiagnosis,
  fetchDistribution,
  fetchHistory,
  fetchMe,
  fetchQueries,
  fetchStatus,
} from "./live/api";
import { watchFacts } from "./live/facts";
import { goToLogin } from "./live/login";
import { Session } from "./live/session";
import { ServerShelf } from "./live/shelf";
import { askViewer, watchViewer } from "./live/viewer";
import { watchWake } from "./live/wake";
import { fetchWords } from "./locales/translate";
import type { Commands } from "./model/commands";
import { parsePage } from "./model/page";
import { BrowserShelf, type Places } from "./model/saved";
import { createStore } from "./model/store";
import { viewerOf } from "./model/viewer";
import { readPreferences, syncPreferences, syncTitle } from "./preferences";
import "./styles/main.css";
import { App } from "./ui/App";
import type { MountPicture } from "./ui/Canvas";
import { offerTour } from "./ui/tour/offer";
import type { Insets } from "./view/camera";
import { enlargeTexts } from "./view/draw/brush";
import { mountStage } from "./view/mount";
import type { Stage } from "./view/stage";
import { learnWindows } from "./windows";

const store = createStore(parsePage(location.search), readPreferences(), Date.now());
const world = {
  open: (url: string) => new WebSocket(url),
  now: () => Date.now(),
  random: () => Math.random(),
};
const session = new Session(store, location.origin.replace(/^http/, "ws"), world, goToLogin);
const root = document.getElementById("app");
if (root !== null) store.viewer.value = viewerOf(root.dataset);
const { user } = store.viewer.peek();
const server =
  user === "" ? null : new ServerShelf(user, { fetch: (...a) => fetch(...a), signIn: goToLogin });
/** How much larger the picture's texts are on a wall. */
const WALL_TYPE = 1.45;
const WALL_MARGIN_PX = 40;
let stage: Stage | null = null;
/** Places that came before there was a picture to put them into. */
const awaiting: Places[] = [];

const commands: Commands = {
  fit: () => stage?.fit(),
  reveal: (ids) => stage?.reveal(ids),
  tidy: () => stage?.tidy(),
  zoomBy: (factor) => stage?.zoomBy(factor),
  drawing: async (format, words) => {
    const { pictureFile } = await import("./view/export/picture");
    if (stage === null) throw new Error("there is no picture");
    return pictureFile(stage, format, words);
  },
  undo: () => stage?.undo(),
  redo: () => stage?.redo(),
  reconnect: () => session.reconnect(),
  queries: (selection, signal) => fetchQueries(store.view.peek(), selection, signal),
  history: (ask, signal) => fetchHistory(store.view.peek(), ask, signal),
  distribution: (selection, signal) => fetchDistribution(store.view.peek(), selection, signal),
  places: () => stage?.keepsake() ?? null,
  place: (places) => (stage === null ? void awaiting.push(places) : stage.place(places)),
  shelf: server ?? new BrowserShelf(),
  visit,
  askViewer: () => askViewer(store, fetchMe),
  signOut: async () => {
    await server?.signOut();
    location.assign("/login");
  },
  diagnosis: (signal) => fetchDiagnosis(signal),
};

const mount: MountPicture = ({ host, dots, graph }) => {
  const mounted = mountStage(host, { dots, graph }, store, () => covered(host));
  stage = mounted.stage;
  for (const places of awaiting.splice(0)) stage.place(places);
  return () => {
    stage = null;
    mounted.stop();
  };
};

/** How much of the picture the side panel covers. */
function covered(host: HTMLElement): Insets {
  // A wall's names are large, and may reach beyond what they stand in.
  const side = store.looks.peek().kiosk ? WALL_MARGIN_PX : 0;
  const insets = { left: side, right: side, top: 0, bottom: 0 };
  const panel = document.querySelector(".panel")?.getBoundingClientRect();
  const picture = host.getBoundingClientRect();
  if (panel === undefined) return insets;
  // On narrow screens the panel lies along the bottom.
  if (panel.width > picture.width * 0.7) insets.bottom = picture.bottom - panel.top;
  else insets.right = picture.right - panel.left;
  return insets;
}

effect(() => {
  enlargeTexts(store.looks.value.kiosk ? WALL_TYPE : 1);
  stage?.restyle();
});
syncPreferences(store);
syncTitle(store);
offerTour(store, location.search);
watchPlaces((places) => commands.place(places));
syncAddress(store);
watchFacts(store, fetchStatus);
if (user !== "") watchViewer(store, fetchMe);
setInterval(() => (store.now.value = Date.now()), 1000);
watchWake(
  () => session.wake(),
  () => Date.now(),
);
if (root !== null) {
  const show = () => render(<App app={{ store, commands }} mount={mount} />, root);
  // A page in English is better than none.
  void fetchWords(store.locale.peek()).then(show, show);
  const isReady = Promise.all([learnWindows(store, root.dataset), syncLanguage(store)]);
  void isReady.finally(() => session.start());
}
