import { visible } from "../model/text";
import { useApp } from "./context";
import { lazily } from "./lazily";
import { Popover } from "./Popover";

const Account = lazily(async () => (await import("./Account")).Account);
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
  const { store, t } = useApp();
  const { user } = store.viewer.value;
  if (user === "") return null;
  return (
    <div class="at-end user-menu">
      <Popover label={t("signedInAs", { name: visible(user) })} text="" icon="user">
        <Account />
      </Popover>
    </div>
  );
}
