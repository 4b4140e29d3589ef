import { useEffect, useState } from "preact/hooks";
import { Announcer } from "./Announcer";
import { CameraButtons, Canvas, type MountPicture } from "./Canvas";
import { type AppContext, Context, useApp } from "./context";
import { Diagnosis } from "./Diagnosis";
import { Help } from "./Help";
import { handleKey } from "./keys";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
import { Panel } from "./panel/Panel";
import { StatusBar } from "./StatusBar";
import { Tables } from "./Table";
import { Toolbar } from "./Toolbar";
import { Trail } from "./Trail";

/** The whole page. */
export function App({ app, mount }: { app: AppContext; mount: MountPicture }) {
  return (
    <Context.Provider value={app}>
      <Page mount={mount} />
    </Context.Provider>
  );
}

function Page({ mount }: { mount: MountPicture }) {
  const { t } = useApp();
  const [isTableOpen, setTableOpen] = useState(false);
  useKeys(() => setTableOpen((isOpen) => !isOpen));
  return (
    <>
      <Toolbar />
      <main class={isTableOpen ? "main main-split" : "main"}>
        <Canvas mount={mount} />
        <Trail />
        <Notices />
        <Legend />
        <CameraButtons />
        <Panel />
        <Tables isOpen={isTableOpen} />
      </main>
      <StatusBar table={{ isOpen: isTableOpen, toggle: () => setTableOpen((isOpen) => !isOpen) }} />
      <Help />
      <Diagnosis />
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
