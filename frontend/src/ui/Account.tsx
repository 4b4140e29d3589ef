import { useEffect, useState } from "preact/hooks";
import { visible } from "../model/text";
import { mayLeave } from "../model/viewer";
import { useApp } from "./context";
import { Icon } from "./Icon";

/** Who is signed in, what they may do, which part of the mesh they see, and the way out. */
export function Account() {
  const { store, commands, t } = useApp();
  const [isLost, setLost] = useState(false);
  // Rights change while a page is open; what it knew when it was loaded is good enough meanwhile.
  useEffect(() => void commands.askViewer().catch(() => undefined), []);
  const { user, role } = store.viewer.value;
  const leave = () => commands.signOut().catch(() => setLost(true));
  return (
    <div class="account">
      <p class="user-name">{t("signedInAs", { name: visible(user) })}</p>
      <p class="account-role">
        <b>{t(`role.${role}`)}</b>
        <span class="quiet">{t(`roleHint.${role}`)}</span>
      </p>
      <Part />
      {mayLeave(store.viewer.value) && (
        <button type="button" class="menu-item" onClick={() => void leave()}>
          <Icon name="exit" />
          <span>{t("signOut")}</span>
        </button>
      )}
      {isLost && (
        <p class="saved-complaint" role="alert">
          {t("savedFailed.offline")}
        </p>
      )}
    </div>
  );
}

/** The part of the mesh that is seen: nearly always one list of patterns. */
function Part() {
  const { store, t } = useApp();
  const { isLimited, namespaces } = store.viewer.value;
  if (!isLimited) return <p class="quiet account-part">{t("seesAll")}</p>;
  if (namespaces === null) return null;
  const isNothing = namespaces.some((patterns) => patterns.length === 0);
  if (isNothing) return <p class="quiet account-part">{t("seesNothing")}</p>;
  const hasPattern = namespaces.flat().some((pattern) => /[*?[]/.test(pattern));
  return (
    <div class="account-part">
      <p class="quiet">{t("seesPart")}</p>
      {namespaces.map((patterns, i) => (
        <div key={patterns.join()}>
          {i > 0 && <p class="quiet">{t("seesPartOfThat")}</p>}
          <ul class="patterns">
            {patterns.map((pattern) => (
              <li key={pattern}>
                <code>{visible(pattern)}</code>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {hasPattern && <p class="quiet">{t("seesPattern")}</p>}
    </div>
  );
}
