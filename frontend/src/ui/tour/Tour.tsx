import "../../styles/tour.css";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context";
import { rememberTour } from "./offer";
import { type Rect, besides } from "./place";
import { TOUR } from "./steps";

const RIM = 6;

/** Six things to know, each beside the control that it is about. */
export function Tour() {
  const { store, t } = useApp();
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const light = useRef<HTMLDivElement>(null);
  const step = TOUR[at] ?? TOUR[0];
  const text =
    step.hasTouch && matchMedia("(pointer: coarse)").matches
      ? t(`tour.${step.name}.touch`)
      : t(`tour.${step.name}.text`);
  const isLast = at === TOUR.length - 1;
  const end = () => {
    rememberTour();
    if (store.dialog.peek() === "tour") store.dialog.value = null;
  };
  // Before it is placed: only an open dialog has a size.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useLayoutEffect(() => {
    const arrange = () => {
      if (dialog.current !== null && light.current !== null) {
        stand(dialog.current, light.current, placeOf(step.places));
      }
    };
    arrange();
    window.addEventListener("resize", arrange);
    return () => window.removeEventListener("resize", arrange);
  }, [at, store.locale.value]);
  return (
    <dialog
      ref={dialog}
      class="tour"
      aria-labelledby="tour-title"
      aria-describedby="tour-text"
      onClose={end}
    >
      <div ref={light} class="tour-light" aria-hidden="true" />
      <div aria-live="polite">
        <p class="quiet">{t("tour.step", { n: at + 1, of: TOUR.length })}</p>
        <h2 id="tour-title">{t(`tour.${step.name}.title`)}</h2>
        <p id="tour-text">{text}</p>
      </div>
      <footer>
        <button type="button" class="text-button" onClick={() => dialog.current?.close()}>
          {t("tour.skip")}
        </button>
        <span class="spring" />
        {at > 0 && (
          <button type="button" class="text-button" onClick={() => setAt(at - 1)}>
            {t("tour.back")}
          </button>
        )}
        <button
          type="button"
          class="button"
          autofocus
          onClick={() => (isLast ? dialog.current?.close() : setAt(at + 1))}
        >
          {t(isLast ? "tour.done" : "tour.next")}
        </button>
      </footer>
    </dialog>
  );
}

/** Where the first of these is on the screen; null while none is. */
function placeOf(places: readonly string[]): Rect | null {
  for (const selector of places) {
    const rect = document.querySelector(selector)?.getBoundingClientRect();
    if (rect !== undefined && rect.width > 0 && rect.height > 0) return rect;
  }
  return null;
}

function stand(dialog: HTMLElement, light: HTMLElement, target: Rect | null): void {
  const box = { width: dialog.offsetWidth, height: dialog.offsetHeight };
  const { x, y } = besides(target, box, { width: innerWidth, height: innerHeight });
  dialog.style.left = `${x}px`;
  dialog.style.top = `${y}px`;
  // The dialog is what the light is placed in, so that it lies over the page as well.
  const { left, top, width, height } = target ?? { left: x, top: y, ...box };
  light.style.left = `${left - RIM}px`;
  light.style.top = `${top - RIM}px`;
  light.style.width = `${width + 2 * RIM}px`;
  light.style.height = `${height + 2 * RIM}px`;
}
