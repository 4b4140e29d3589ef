import type { ClientMessage } from "./messages";
import type { Link } from "../model/notice";
import { backoffMs, returnMs } from "./backoff";

/** What the socket tells its owner. */
export interface SocketEvents {
  link(link: Link): void;
  /** A parsed message; the owner decides whether it knows the type. */
  message(data: unknown): void;
  /** The server says that this request can never be answered: asking again needs another one. */
  refused(): void;
  /** Nobody is signed in any more; connecting again would be in vain. */
  signedOut(): void;
}

/** What the socket needs from the world; tests bring their own. */
export interface SocketWorld {
  open(url: string): WebSocket;
  now(): number;
  random: () => number;
}

/** How long a socket may be silent before it is asked for a sign of life. */
export interface Patience {
  silenceMs(): number;
}

// A live server answers a resync at once; three seconds allow for a slow line.
const ANSWER_MS = 3_000;
const OPEN_MS = 10_000;
/** The close code of a server that ends in good order and expects its browsers back. */
const RESTARTS = 1012;
/** The close code for a request that would fail again. */
const REFUSED = 1008;
/** The close code of a server that has no room for one more, and may have later. */
const FULL = 1013;
/** The close code for a session that has ended, or that there never was. */
const NOT_SIGNED_IN = 4401;
/** Waits after these two are long from the start: the same answer is likely. */
const REFUSED_ATTEMPT = 5;

/**
 * One websocket that comes back: it reconnects with growing, jittered waits, and it notices a
 * peer that fell silent without closing (a sleeping laptop, a dropped tunnel) by asking for a
 * snapshot and hanging up when none comes.
 */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private isFull = false;
  private heardAt = -Infinity;

  constructor(
    private readonly url: () => string,
    private readonly events: SocketEvents,
    private readonly world: SocketWorld,
    private readonly patience: Patience,
  ) {}

  /** Connect now, whatever the socket was waiting for. */
  connect(): void {
    this.stopped = false;
    this.drop();
    this.events.link({ state: "connecting", ...this.full() });
    const socket = this.world.open(this.url());
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = (event) => this.closed(event.reason, event.code);
    this.after(OPEN_MS, () => this.hangUp("no answer"));
  }

  /** True from the wish to connect until the server has accepted. */
  get isConnecting(): boolean {
    return this.socket?.readyState === 0;
  }

  /** Send if the socket is open; false when it is not. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  stop(): void {
    this.stopped = true;
    this.drop();
  }

  /** Look after the connection now: the page may have slept, and nobody noticed what broke. */
  wake(): void {
    if (this.stopped || this.timer === undefined) return;
    if (this.socket === null) return this.connect();
    // A server that lives says something in every third of the silence that is put up with.
    const silence = this.world.now() - this.heardAt;
    if (this.socket.readyState === 1 && silence > this.patience.silenceMs() / 3) this.probe();
  }

  private opened(): void {
    this.heardAt = this.world.now();
    this.events.link({ state: "open" });
    this.listen();
  }

  private received(data: unknown): void {
    // Only a message proves that the server serves; an accepted socket may close at once.
    this.attempt = 0;
    this.heardAt = this.world.now();
    this.listen();
    const message = parse(data);
    if (message !== undefined) this.events.message(message);
  }

  private listen(): void {
    this.after(this.patience.silenceMs() - ANSWER_MS, () => this.probe());
  }

  private probe(): void {
    this.send({ type: "resync" });
    this.after(ANSWER_MS, () => this.hangUp("silent"));
  }

  private hangUp(reason: string): void {
    this.drop();
    this.closed(reason);
  }

  private closed(reason: string, code?: number): void {
    this.drop();
    if (this.stopped) return;
    if (code === NOT_SIGNED_IN) {
      this.stopped = true;
      this.events.signedOut();
      return;
    }
    this.isFull = code === FULL;
    if (code === REFUSED || this.isFull) this.attempt = Math.max(this.attempt, REFUSED_ATTEMPT);
    const random = this.world.random;
    const isFirst = code === RESTARTS && this.attempt === 0;
    const wait = isFirst ? returnMs(random) : backoffMs(this.attempt, random);
    this.attempt += 1;
    this.events.link({
      state: "waiting",
      retryAt: this.world.now() + wait,
      reason,
      ...this.full(),
    });
    this.after(wait, () => this.connect());
    if (code === REFUSED) this.events.refused();
  }

  private full(): { isFull?: true } {
    return this.isFull ? { isFull: true } : {};
  }

  private drop(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private after(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
  }
}

function parse(data: unknown): unknown {
  if (typeof data !== "string") return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
