import { useState } from "preact/hooks";
import { useApp } from "./context";
import { Icon } from "./Icon";
import { lazily } from "./lazily";
import { Popover } from "./Popover";

const SavedList = lazily(async () => (await import("./SavedList")).SavedList);

/** The button to the views that are kept under a name. */
export function SavedViews() {
  const { t } = useApp();
  return (
    <div class="at-end saved">
      <Popover label={t("saved")} text="" icon="bookmark">
        <SavedList />
      </Popover>
    </div>
  );
}

/** Who is signed in, and the way out; nothing where people do not sign in. */
export function UserMenu() {
  const { commands, t } = useApp();
  const { user } = commands.shelf;
  const [isLost, setLost] = useState(false);
  if (user === null) return null;
  const leave = () => commands.signOut().catch(() => setLost(true));
  return (
    <div class="at-end user-menu">
      <Popover label={t("signedInAs", { name: user })} text="" icon="user">
        <p class="user-name">{t("signedInAs", { name: user })}</p>
        <button type="button" class="menu-item" onClick={() => void leave()}>
          <Icon name="exit" />
          <span>{t("signOut")}</span>
        </button>
        {isLost && (
          <p class="saved-complaint" role="alert">
            {t("savedFailed.offline")}
          </p>
        )}
      </Popover>
    </div>
  );
}
