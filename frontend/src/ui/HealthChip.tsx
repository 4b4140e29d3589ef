import type { Health } from "../model/entities";
import { useApp } from "./context";

export function HealthChip({ health }: { health: Health }) {
  const { t } = useApp();
  return <span class={`chip chip-${health}`}>{t(`health.${health}`)}</span>;
}
