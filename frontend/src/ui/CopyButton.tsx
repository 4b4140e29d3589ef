import { useState } from "preact/hooks";
import { useApp } from "./context";
import { copyText } from "./copy";
import { Icon } from "./Icon";

/** Copies a text, and says that it did. */
export function CopyButton({ text, label }: { text: () => string; label?: string }) {
  const { t } = useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text());
    setCopied(true);
  };
  return (
    <button type="button" class="text-button" onClick={() => void copy()}>
      <Icon name="copy" />
      <span aria-live="polite">{isCopied ? t("copied") : (label ?? t("copy"))}</span>
    </button>
  );
}
