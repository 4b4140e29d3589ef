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
  if (user === null) return null;
  return (
    <div class="at-end user-menu">
      <Popover label={t("signedInAs", { name: user })} text="" icon="user">
        <p class="user-name">{t("signedInAs", { name: user })}</p>
        <button type="button" class="menu-item" onClick={() => void commands.signOut()}>
          <Icon name="exit" />
          <span>{t("signOut")}</span>
        </button>
      </Popover>
    </div>
  );
}
