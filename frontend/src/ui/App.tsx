import { useEffect, useRef, useState } from "preact/hooks";
import { Announcer } from "./Announcer";
import { CameraButtons, Canvas, type MountPicture } from "./Canvas";
import { type AppContext, Context, useApp } from "./context";
import { FindBar } from "./find/FindBar";
import { Help } from "./Help";
import { handleKey } from "./keys";
import { lazily } from "./lazily";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
import { PageSlot } from "./page/PageSlot";
import { Panel } from "./panel/Panel";
import { StatusBar } from "./StatusBar";
import { Tables } from "./Table";
import { Toolbar } from "./Toolbar";
import { Trail } from "./Trail";

const WallHead = lazily(() => import("./kiosk/Wall").then((wall) => wall.WallHead));
const WallFoot = lazily(() => import("./kiosk/Wall").then((wall) => wall.WallFoot));

const Diagnosis = lazily(async () => (await import("./Diagnosis")).Diagnosis);
const Tour = lazily(() => import("./tour/Tour").then((part) => part.Tour));

// The panel's code may still be on its way when somebody wants to go there.
const FRAMES_FOR_PANEL = 60;

/** The whole page. */
export function App({ app, mount }: { app: AppContext; mount: MountPicture }) {
  return (
    <Context.Provider value={app}>
      <Page mount={mount} />
    </Context.Provider>
  );
}

function Page({ mount }: { mount: MountPicture }) {
  const { store, t } = useApp();
  const isWall = store.looks.value.kiosk;
  const [isTableOpen, setTableOpen] = useState(false);
  const table = { isOpen: isTableOpen, toggle: () => setTableOpen((isOpen) => !isOpen) };
  useKeys(table.toggle);
  return (
    <>
      {isWall ? (
        <WallHead />
      ) : (
        <div class="top">
          <Toolbar />
          <FindBar />
        </div>
      )}
      <main class={isWall ? "main wall" : isTableOpen ? "main main-split" : "main"}>
        <Canvas mount={mount} />
        <Trail />
        <Notices />
        <Legend />
        <CameraButtons />
        {!isWall && <Panel />}
        {!isWall && <PageSlot />}
        <Tables isOpen={isTableOpen && !isWall} />
      </main>
      {isWall ? <WallFoot /> : <StatusBar table={table} />}
      <Help />
      <DiagnosisSlot />
      {store.dialog.value === "tour" && <Tour />}
      <Announcer />
      <p id="graph-hint" class="visually-hidden">
        {t("graphHint")}
      </p>
    </>
  );
}

/** Its code comes with the first wish; then the dialog stays, as it gives the focus back. */
function DiagnosisSlot() {
  const { store } = useApp();
  const wasAsked = useRef(false);
  wasAsked.current ||= store.dialog.value === "diagnosis";
  return wasAsked.current ? <Diagnosis /> : null;
}

function useKeys(toggleTable: () => void): void {
  const { store, commands } = useApp();
  useEffect(() => {
    const focusPanel = (patience = FRAMES_FOR_PANEL) => {
      const first = document.querySelector<HTMLElement>("[data-panel] button, [data-panel] a");
      if (first !== null) first.focus();
      else if (patience > 0) requestAnimationFrame(() => focusPanel(patience - 1));
    };
    const onKeyDown = (event: KeyboardEvent) =>
      handleKey(event, { store, commands, toggleTable, focusPanel });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
