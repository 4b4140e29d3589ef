import { useEffect, useState } from "preact/hooks";
import { Announcer } from "./Announcer";
import { CameraButtons, Canvas, type MountPicture } from "./Canvas";
import { type AppContext, Context, useApp } from "./context";
import { Diagnosis } from "./Diagnosis";
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

const Tour = lazily(() => import("./tour/Tour").then((part) => part.Tour));

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
      <Diagnosis />
      {store.dialog.value === "tour" && <Tour />}
      <Announcer />
      <p id="graph-hint" class="visually-hidden">
        {t("graphHint")}
      </p>
    </>
  );
}

function useKeys(toggleTable: () => void): void {
  const { store, commands } = useApp();
  useEffect(() => {
    const focusPanel = () =>
      document.querySelector<HTMLElement>("[data-panel] button, [data-panel] a")?.focus();
    const onKeyDown = (event: KeyboardEvent) =>
      handleKey(event, { store, commands, toggleTable, focusPanel });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
