import { useState } from "preact/hooks";
import type { Key } from "../../locales/translate";
import { linkTo } from "../../model/links";
import { toggleKiosk } from "../../model/steps";
import { useApp } from "../context";
import { copyText } from "../copy";
import { isFullScreenPossible, toggleFullScreen } from "../fullscreen";
import { Icon, type IconName } from "../Icon";
import { Popover } from "../Popover";
import type { Format } from "./exporting";

const FILES = [
  ["png", "image", "export.png", "exportHint.png"],
  ["svg", "image", "export.svg", "exportHint.svg"],
  ["json", "file", "export.json", "exportHint.json"],
  ["nodes", "file", "export.nodes", "exportHint.csv"],
  ["edges", "file", "export.edges", "exportHint.csv"],
] as const satisfies readonly (readonly [Format, IconName, Key, Key])[];

/** What can be taken along of the picture: a link to it, and files. */
export function ExportMenu() {
  const { store, commands, t } = useApp();
  const [said, setSaid] = useState<Key | null>(null);
  const isEmpty = store.picture.value.nodes.size === 0;
  const take = async (format: Format) => {
    // The code of it is fetched now; what cannot be had is said where it was asked for.
    try {
      const { exportFile } = await import("./exporting");
      await exportFile(format, store, commands, t);
      setSaid("export.done");
    } catch {
      setSaid("export.failed");
    }
  };
  const copy = async () => {
    const { address, isWhole } = await linkTo(location.href, commands.places());
    await copyText(address);
    setSaid(isWhole ? "copied" : "share.withoutPlaces");
  };
  return (
    <div class="at-end share">
      <Popover label={t("share")} text="" icon="share">
        <MenuItem icon="link" text={t("share.link")} hint={t("share.linkHint")} act={copy} />
        {FILES.map(([format, icon, text, hint]) => (
          <MenuItem
            key={format}
            icon={icon}
            text={t(text)}
            hint={t(hint)}
            isOff={isEmpty}
            act={() => take(format)}
          />
        ))}
        <hr />
        <MenuItem
          icon="screen"
          text={t("kiosk.enter")}
          hint={t("kiosk.hint")}
          act={() => toggleKiosk(store)}
        />
        {isFullScreenPossible() && (
          <MenuItem
            icon="expand"
            text={t("fullScreen")}
            hint={t("fullScreenHint")}
            act={toggleFullScreen}
          />
        )}
        <p class="menu-said" role="status">
          {said === null ? "" : t(said)}
        </p>
      </Popover>
    </div>
  );
}

interface MenuItemProps {
  icon: IconName;
  text: string;
  hint: string;
  isOff?: boolean;
  act: () => Promise<void> | void;
}

function MenuItem({ icon, text, hint, isOff = false, act }: MenuItemProps) {
  return (
    <button
      type="button"
      class="menu-item"
      aria-disabled={isOff}
      onClick={() => {
        if (!isOff) void act();
      }}
    >
      <Icon name={icon} />
      <span>
        {text}
        <small>{hint}</small>
      </span>
    </button>
  );
}
