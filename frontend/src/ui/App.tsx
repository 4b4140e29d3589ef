import { useEffect, useState } from "preact/hooks";
import { Announcer } from "./Announcer";
import { CameraButtons, Canvas, type MountPicture } from "./Canvas";
import { type AppContext, Context, useApp } from "./context";
import { Help } from "./Help";
import { handleKey } from "./keys";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
import { Panel } from "./panel/Panel";
import { StatusBar } from "./StatusBar";
import { Tables } from "./Table";
import { Toolbar } from "./Toolbar";

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
  const [isHelpOpen, setHelpOpen] = useState(false);
  useKeys(
    () => setTableOpen((isOpen) => !isOpen),
    () => setHelpOpen(true),
  );
  return (
    <>
      <Toolbar openHelp={() => setHelpOpen(true)} />
      <main class={isTableOpen ? "main main-split" : "main"}>
        <Canvas mount={mount} />
        <Notices />
        <Legend />
        <CameraButtons />
        <Panel />
        <Tables isOpen={isTableOpen} />
      </main>
      <StatusBar table={{ isOpen: isTableOpen, toggle: () => setTableOpen((isOpen) => !isOpen) }} />
      <Help isOpen={isHelpOpen} close={() => setHelpOpen(false)} />
      <Announcer />
      <p id="graph-hint" class="visually-hidden">
        {t("graphHint")}
      </p>
    </>
  );
}

function useKeys(toggleTable: () => void, openHelp: () => void): void {
  const { store, commands } = useApp();
  useEffect(() => {
    const focusPanel = () =>
      document.querySelector<HTMLElement>("[data-panel] button, [data-panel] a")?.focus();
    const onKeyDown = (event: KeyboardEvent) =>
      handleKey(event, { store, commands, toggleTable, openHelp, focusPanel });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
