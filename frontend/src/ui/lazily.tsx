import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./context";

/**
 * A part of the page whose code is fetched when it is first shown. What the first picture does
 * not need is not waited for; see scripts/weigh.mjs.
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let Part: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const { t } = useApp();
    const [state, setState] = useState<"waiting" | "there" | "lost">(Part ? "there" : "waiting");
    useEffect(() => {
      if (Part !== null) return;
      load().then(
        (part) => {
          Part = part;
          setState("there");
        },
        () => setState("lost"),
      );
    }, []);
    if (Part !== null) return <Part {...props} />;
    // A newer server has other files: only a reload brings those.
    return state === "lost" ? <p role="alert">{t("partLost")}</p> : null;
  };
}
