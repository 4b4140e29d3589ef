import { useState } from "preact/hooks";
import { fetchWords } from "../locales/translate";
import type { ThemeChoice } from "../model/store";
import { useApp } from "./context";
import { ExportMenu } from "./export/ExportMenu";
import { Icon, type IconName } from "./Icon";
import { LabelPicker, NamespacePicker, TypePicker, WindowPicker } from "./Pickers";
import { SavedViews, UserMenu } from "./SavedViews";
import { Search } from "./Search";
import { ViewOptions } from "./ViewOptions";

/** The bar on top: what is shown, and how. */
export function Toolbar() {
  const { store, t } = useApp();
  const [isUnfolded, setUnfolded] = useState(false);
  return (
    <header class={isUnfolded ? "toolbar toolbar-unfolded" : "toolbar"}>
      <div class="brand">
        <Logo />
        <h1>meshviz</h1>
      </div>
      <TypePicker />
      <WindowPicker />
      <NamespacePicker />
      <LabelPicker />
      <ViewOptions />
      <span class="spring" />
      <Search />
      <AskButton />
      <PauseButton />
      <SavedViews />
      <ExportMenu />
      <ThemeButton />
      <LanguageButton />
      <IconButton icon="help" label={t("help")} onClick={() => (store.dialog.value = "help")} />
      <UserMenu />
      {/* On small screens the rest of the bar is behind this. */}
      <button
        type="button"
        class="icon-button toolbar-fold"
        aria-label={t("controls")}
        title={t("controls")}
        aria-expanded={isUnfolded}
        onClick={() => setUnfolded(!isUnfolded)}
      >
        <Icon name="sliders" />
      </button>
    </header>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  pressed?: boolean;
  onClick: () => void;
}

export function IconButton({ icon, label, pressed, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed ?? undefined}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

/** Opens the bar with Find and Hide, where it is not open at first. */
function AskButton() {
  const { store, t } = useApp();
  const isOpen = store.asking.value !== "closed";
  return (
    <IconButton
      icon="funnel"
      label={t("ask")}
      pressed={isOpen}
      onClick={() => (store.asking.value = isOpen ? "closed" : "open")}
    />
  );
}

function PauseButton() {
  const { store, t } = useApp();
  const isPaused = store.paused.value;
  return (
    <IconButton
      icon={isPaused ? "play" : "pause"}
      label={isPaused ? t("resume") : t("pause")}
      pressed={isPaused}
      onClick={() => (store.paused.value = !isPaused)}
    />
  );
}

const NEXT_THEME: Readonly<Record<ThemeChoice, ThemeChoice>> = {
  auto: "dark",
  dark: "light",
  light: "auto",
};
const THEME_ICONS: Readonly<Record<ThemeChoice, IconName>> = {
  auto: "auto",
  dark: "moon",
  light: "sun",
};

function ThemeButton() {
  const { store, t } = useApp();
  const theme = store.theme.value;
  return (
    <IconButton
      icon={THEME_ICONS[theme]}
      label={t(`theme.${theme}`)}
      onClick={() => (store.theme.value = NEXT_THEME[theme])}
    />
  );
}

function LanguageButton() {
  const { store, t } = useApp();
  const [other, name] =
    store.locale.value === "ja" ? (["en", "English"] as const) : (["ja", "日本語"] as const);
  const choose = async () => {
    await fetchWords(other);
    store.locale.value = other;
  };
  return (
    <button
      type="button"
      class="icon-button language"
      aria-label={`${t("language")}: ${name}`}
      onClick={() => void choose()}
    >
      {name}
    </button>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="logo-line" d="M8 9.5 23.5 8M8 9.5 16 23M23.5 8 16 23M16 23l9-1.5" />
      <circle class="logo-a" cx="8" cy="9.5" r="4" />
      <circle class="logo-b" cx="23.5" cy="8" r="3.2" />
      <circle class="logo-c" cx="16" cy="23" r="4.6" />
      <circle class="logo-b" cx="26" cy="21.5" r="2.2" />
    </svg>
  );
}
