import { batch, effect } from "@preact/signals";
import type { Frame } from "../model/entities";
import { windowName } from "../model/format";
import { isGap, isOtherView } from "../model/mesh";
import { refuse } from "../model/refusal";
import { type Store, receive } from "../model/store";
import { DEFAULT_VIEW, type View, sameView, viewParams, viewRequest } from "../model/view";
import { dispatch, isServerMessage } from "./messages";
import { LiveSocket, type SocketWorld } from "./socket";

const LEAST_SILENCE_MS = 15_000;
const RESYNC_AGAIN_MS = 5_000;

/** Keeps the store in step with the server over one websocket. */
export class Session {
  private readonly socket: LiveSocket;
  /** The view on its way or on screen. */
  private watched: View;
  /** What the socket was opened for. */
  private asked: View;
  private resyncAt = -Infinity;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    origin: string,
    world: SocketWorld,
    signIn: () => void,
  ) {
    this.watched = this.asked = store.view.peek();
    const events = {
      link: (link: Store["link"]["value"]) => {
        if (link.state === "connecting") this.resyncAt = -Infinity;
        // The page says so itself then.
        if (link.state === "waiting" && link.isFull) store.refusal.value = null;
        store.link.value = link;
        if (link.state === "open") this.catchUp();
      },
      message: (data: unknown) => this.received(data),
      refused: () => this.refused(),
      signedOut: signIn,
    };
    const url = () => {
      this.watched = this.asked = store.view.peek();
      return `${origin}/ws/graph?${viewParams(this.watched).toString()}`;
    };
    this.socket = new LiveSocket(url, events, world, { silenceMs: () => this.silenceMs() });
    this.now = () => world.now();
  }

  private readonly now: () => number;

  start(): void {
    this.socket.connect();
    this.stops.push(effect(() => this.watch(this.store.view.value)));
    this.stops.push(effect(() => this.resume(this.store.paused.value)));
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.socket.stop();
  }

  /** Connect at once: the network came back, or somebody pressed the button. */
  reconnect(): void {
    if (this.store.link.peek().state === "waiting") this.socket.connect();
  }

  /** The page may have slept or the network changed: do not trust what looks open. */
  wake(): void {
    this.socket.wake();
  }

  private watch(view: View): void {
    if (sameView(view, this.watched)) return;
    this.watched = view;
    this.resyncAt = -Infinity;
    // A socket on its way is not begun anew; see catchUp.
    if (this.socket.isConnecting || this.ask(view)) return;
    // The new socket's address says which view.
    this.socket.connect();
  }

  /** Somebody chose another view while the socket was being opened for the one before. */
  private catchUp(): void {
    if (!sameView(this.asked, this.watched)) this.ask(this.watched);
  }

  /** Ask an open socket for a view; false when it is not open. */
  private ask(view: View): boolean {
    return this.socket.send(viewRequest(view, this.fallbackWindow()));
  }

  private resume(paused: boolean): void {
    if (!paused && this.store.mesh.peek().source !== null) this.resync();
  }

  private received(data: unknown): void {
    if (!isServerMessage(data)) return;
    dispatch(data, {
      frame: (frame) => this.frame(frame),
      error: (error) => refuse(this.store, error),
    });
  }

  private refused(): void {
    // What was refused is not what is wanted any more.
    if (!sameView(this.asked, this.watched)) this.socket.connect();
    else this.fallBack();
  }

  /** Show the usual view instead of one that the server will never show. */
  private fallBack(): void {
    if (sameView(this.watched, DEFAULT_VIEW)) return;
    const { text = "", parameter = "" } = this.store.refusal.peek() ?? {};
    batch(() => {
      this.store.refusal.value = { text, parameter, fellBack: true };
      this.store.selection.value = null;
      this.store.view.value = DEFAULT_VIEW;
    });
  }

  private frame(frame: Frame): void {
    if (frame.type === "snapshot") this.resyncAt = -Infinity;
    if (this.store.paused.peek() && !this.isNewView(frame)) return;
    if (isGap(this.store.mesh.peek(), frame)) return this.resync();
    receive(this.store, frame, this.now());
  }

  /** A viewer who pauses and then picks another view wants to see that one. */
  private isNewView(frame: Frame): boolean {
    if (frame.type !== "snapshot") return false;
    const mesh = this.store.mesh.peek();
    return mesh.source === null || isOtherView(mesh, frame);
  }

  private resync(): void {
    // One request is enough however many frames arrive before the answer.
    if (this.now() - this.resyncAt < RESYNC_AGAIN_MS) return;
    if (this.socket.send({ type: "resync" })) this.resyncAt = this.now();
  }

  private fallbackWindow(): string {
    return this.store.defaultWindow.peek() ?? windowName(this.store.mesh.peek().windowS || 60);
  }

  /** A word comes at least once an interval, however long Prometheus thinks. */
  private silenceMs(): number {
    const interval = this.store.mesh.peek().source?.interval_s ?? 0;
    return Math.max(LEAST_SILENCE_MS, interval * 3_000);
  }
}
