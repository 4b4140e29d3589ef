import type { SocketWorld } from "../live/socket";

/** The far end of a websocket that a test plays. */
export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { reason: string; code: number }) => void) | null = null;
  readyState = 0;
  readonly sent: unknown[] = [];

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  hangUp(reason = "", code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ reason, code });
  }
}

/** A world in which every opened socket is kept, and the clock is the fake timers' one. */
export class FakeWorld implements SocketWorld {
  readonly sockets: FakeSocket[] = [];

  open(url: string): WebSocket {
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  now(): number {
    return Date.now();
  }

  random = () => 1;

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }
}
