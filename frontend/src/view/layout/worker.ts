import { arranged } from "./layout";
import type { LayoutAnswer, LayoutRequest } from "./types";

/** The parts of a dedicated worker's scope that are used; the DOM's types describe a window. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null;
  postMessage(message: LayoutAnswer, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  const places = arranged(data);
  scope.postMessage({ ticket: data.ticket, places }, [places.buffer]);
};
