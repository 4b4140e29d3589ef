import { useApp } from "./context";
import { Dialog } from "./Dialog";
import { lazily } from "./lazily";

const Shortcuts = lazily(() => import("./help/Shortcuts").then((part) => part.Shortcuts));

/** Keys and mouse, in a dialog. */
export function Help() {
  const { t } = useApp();
  return (
    <Dialog name="help" title={t("help")}>
      <Shortcuts />
    </Dialog>
  );
}
