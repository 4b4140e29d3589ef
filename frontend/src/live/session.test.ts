import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parsePage } from "../model/page";
import { type Store, createStore } from "../model/store";
import { DEFAULT_VIEW } from "../model/view";
import { delta, node, snapshot, status } from "../testing/make";
import { FakeWorld } from "../testing/socket";
import { Session } from "./session";

let world: FakeWorld;
let store: Store;
let session: Session;
let signedOut = 0;

function start(query = "?type=app&window=1m"): void {
  store = createStore(parsePage(query), { theme: "dark", locale: "en", systemDark: true }, 0);
  session = new Session(store, "ws://host", world, () => (signedOut += 1));
  session.start();
}

/** A session with an open socket and a first snapshot. */
function live(): void {
  start();
  world.last.accept();
  world.last.say(snapshot({ nodes: [node("a")], graph_type: "app" }));
}

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
});

afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe("a session that has ended", () => {
  it("leads to the login page, and is not tried again", () => {
    live();
    const before = signedOut;
    const sockets = world.sockets.length;

    world.last.hangUp("signed out", 4401);
    vi.advanceTimersByTime(60_000);
    session.wake();

    expect(signedOut).toBe(before + 1);
    expect(world.sockets).toHaveLength(sockets);
  });
});

describe("connecting", () => {
  it("asks for the view in the address", () => {
    start("?type=service&window=5m&namespace=a&namespace=b");

    expect(world.last.url).toBe(
      "ws://host/ws/graph?type=service&window=5m&namespace=a&namespace=b",
    );
  });

  it("reports the link's state", () => {
    start();
    expect(store.link.value.state).toBe("connecting");
    world.last.accept();
    expect(store.link.value.state).toBe("open");
    world.last.hangUp("server restarts");
    expect(store.link.value).toMatchObject({ state: "waiting", reason: "server restarts" });
  });

  it("comes back after the connection broke, and waits longer each time", () => {
    start();
    world.last.hangUp();
    vi.advanceTimersByTime(500);
    expect(world.sockets).toHaveLength(2);
    world.last.hangUp();
    vi.advanceTimersByTime(500);
    expect(world.sockets).toHaveLength(2);
    vi.advanceTimersByTime(500);
    expect(world.sockets).toHaveLength(3);
  });

  it("starts with short waits again once the server has spoken", () => {
    live();
    world.last.hangUp();

    vi.advanceTimersByTime(500);

    expect(world.sockets).toHaveLength(2);
  });

  it("gives up on a server that neither accepts nor refuses", () => {
    start();

    vi.advanceTimersByTime(10_000);

    expect(store.link.value.state).toBe("waiting");
  });

  it("keeps the graph while the connection is away", () => {
    live();
    world.last.hangUp();

    expect(store.mesh.value.nodes.has("a")).toBe(true);
    expect(store.notice.value).toMatchObject({ kind: "banner", reason: "offline" });
  });
});

describe("silence", () => {
  it("asks a silent peer for a sign of life, then hangs up", () => {
    live();
    vi.advanceTimersByTime(12_000);
    expect(world.last.sent).toContainEqual({ type: "resync" });
    expect(store.link.value.state).toBe("open");

    vi.advanceTimersByTime(3_000);

    expect(store.link.value).toMatchObject({ state: "waiting", reason: "silent" });
  });

  it("waits longer for a server that ticks slowly", () => {
    start();
    world.last.accept();
    world.last.say(snapshot({ source: status({ interval_s: 30 }) }));
    const before = world.last.sent.length;

    vi.advanceTimersByTime(60_000);

    expect(world.last.sent).toHaveLength(before);
  });

  it("stays when the peer answers", () => {
    live();
    vi.advanceTimersByTime(12_000);
    world.last.say(snapshot());
    vi.advanceTimersByTime(3_000);

    expect(store.link.value.state).toBe("open");
    expect(world.sockets).toHaveLength(1);
  });
});

describe("a server that restarts", () => {
  it.each([0.25, 1])("is met again within two seconds, by chance: %d", (chance) => {
    live();
    world.random = () => chance;
    world.last.hangUp("", 1012);
    expect(world.sockets).toHaveLength(1);

    vi.advanceTimersByTime(2_000 * chance - 1);
    expect(world.sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);

    expect(world.sockets).toHaveLength(2);
  });

  it("is waited for longer each time when it does not come back", () => {
    live();
    world.last.hangUp("", 1012);
    vi.advanceTimersByTime(2_000);
    world.last.hangUp("", 1012);
    vi.advanceTimersByTime(999);
    expect(world.sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);

    expect(world.sockets).toHaveLength(3);
  });
});

describe("waking up", () => {
  const sleep = (ms: number) => {
    vi.setSystemTime(Date.now() + ms); // timers stand still meanwhile
    session.wake();
  };

  it("asks for the newest picture at once, and leaves a server that is silent", () => {
    live();
    sleep(3_600_000);
    expect(world.last.sent).toEqual([{ type: "resync" }]);

    vi.advanceTimersByTime(3_000);

    expect(store.link.value).toMatchObject({ state: "waiting", reason: "silent" });
  });

  it("goes on where the server has held the line", () => {
    live();
    sleep(3_600_000);
    world.last.say(snapshot({ seq: 700, nodes: [node("new")] }));
    vi.advanceTimersByTime(3_000);

    expect(world.sockets).toHaveLength(1);
    expect([...store.mesh.value.nodes.keys()]).toEqual(["new"]);
  });

  it("asks nothing of a server that has just spoken", () => {
    live();
    sleep(2_000);

    expect(world.last.sent).toEqual([]);
  });

  it("does not wait any longer for a lost server", () => {
    live();
    world.last.hangUp();
    session.wake();

    expect(world.sockets).toHaveLength(2);
  });

  it("leaves a handshake that is under way alone", () => {
    start();
    sleep(3_000);

    expect(world.sockets).toHaveLength(1);
  });

  it("does nothing once the session has ended", () => {
    live();
    session.stop();
    session.wake();

    expect(world.sockets).toHaveLength(1);
  });
});

describe("frames", () => {
  it("adds deltas to the snapshot", () => {
    live();

    world.last.say(delta(2, { put: { nodes: [node("b")], edges: [] } }));

    expect([...store.mesh.value.nodes.keys()]).toEqual(["a", "b"]);
  });

  it("asks once for a snapshot when a frame was missed, and heals with it", () => {
    live();
    world.last.say(delta(3, { put: { nodes: [node("x")], edges: [] } }));
    world.last.say(delta(4));
    expect(world.last.sent.filter((m) => (m as { type: string }).type === "resync")).toHaveLength(
      1,
    );
    expect(store.mesh.value.nodes.has("x")).toBe(false);

    world.last.say(snapshot({ seq: 4, nodes: [node("x")] }));
    world.last.say(delta(5));

    expect(store.mesh.value).toMatchObject({ seq: 5 });
    expect(store.mesh.value.nodes.has("x")).toBe(true);
  });

  it.each([["not JSON at all"], ['{"type":"from the future"}'], ["null"], ["[]"]])(
    "passes over %s",
    (text) => {
      live();
      const before = store.mesh.value;

      world.last.say(text);

      expect(store.mesh.value).toBe(before);
    },
  );

  it("shows the server's word on a request that it refused", () => {
    live();

    world.last.say({
      type: "error",
      parameter: "window",
      detail: "no such window",
      accepted: "1m",
    });

    expect(store.refusal.value).toEqual({
      text: "window: no such window (1m)",
      parameter: "window",
      fellBack: false,
    });
  });
});

describe("another view, chosen while the socket is being opened", () => {
  const choose = () => (store.view.value = { ...DEFAULT_VIEW, graphType: "service" });
  const asked = { type: "view", graph_type: "service", window: "1m", namespaces: [] };

  it("is asked for on that socket, once", () => {
    start();
    choose();
    expect(world.sockets).toHaveLength(1);

    world.last.accept();

    expect(world.sockets).toHaveLength(1);
    expect(world.last.sent).toEqual([asked]);
  });

  it("is asked for by its own address when the socket never opens", () => {
    start();
    choose();

    vi.advanceTimersByTime(60_000);

    expect(world.sockets.length).toBeGreaterThan(1);
    expect(world.last.url).toBe("ws://host/ws/graph?type=service");
    world.last.accept();
    expect(world.last.sent).toEqual([]);
  });

  it("takes the place of one that the server refuses", () => {
    start("?type=app&window=7m");
    choose();
    world.last.accept();

    world.last.hangUp("no such window", 1008);

    expect(store.view.value.graphType).toBe("service");
    expect(world.last.url).toBe("ws://host/ws/graph?type=service");
  });
});

describe("too many messages", () => {
  it("cost the connection, and not the view", () => {
    live();

    world.last.hangUp("too many messages", 4429);
    vi.advanceTimersByTime(60_000);

    expect(world.last.url).toBe("ws://host/ws/graph?type=app&window=1m");
    expect(store.refusal.value).toBeNull();
  });
});

describe("a request that the server will never answer", () => {
  const refuse = () => {
    world.last.accept();
    world.last.say({ type: "error", parameter: "window", detail: "no such", accepted: "1m" });
    world.last.hangUp("no such", 1008);
  };

  it("gives way to the usual view, and says so", () => {
    start("?type=app&window=7m");
    refuse();

    expect(world.last.url).toBe("ws://host/ws/graph?type=versioned_app");
    expect(store.refusal.value).toMatchObject({ text: "window: no such (1m)", fellBack: true });
  });

  it("is asked again only after a long wait when it is the usual one", () => {
    start("");
    refuse();
    const before = world.sockets.length;
    vi.advanceTimersByTime(7_000);
    expect(world.sockets).toHaveLength(before);

    vi.advanceTimersByTime(60_000);

    expect(world.sockets.length).toBeGreaterThan(before);
  });
});

describe("a server with no room", () => {
  const full = (what: string) => ({
    type: "error",
    parameter: what,
    detail: `meshviz already serves 9 ${what}, the most it may`,
    accepted: `fewer ${what}`,
  });

  it.each(["viewers", "views"])(
    "is told from one that is away, and tried less often: %s",
    (what) => {
      start();
      world.last.accept();
      world.last.say(full(what));
      world.last.hangUp("meshviz already serves 9", 1013);

      expect(store.notice.value).toMatchObject({ kind: "card", reason: "full" });
      expect(store.refusal.value).toBeNull();
      vi.advanceTimersByTime(7_000);
      expect(world.sockets).toHaveLength(1);
      vi.advanceTimersByTime(8_000);
      expect(world.sockets).toHaveLength(2);
      expect(store.notice.value).toMatchObject({ reason: "full" });

      world.last.accept();
      world.last.say(snapshot({ nodes: [node("a")] }));
      expect(store.notice.value).toBeNull();
    },
  );

  it("leaves the page with the view that is shown when another one is too many", () => {
    live();
    const before = store.view.value;
    store.view.value = { ...before, graphType: "service", namespaces: ["shop"] };

    world.last.say(full("views"));

    expect(store.view.value).toEqual({ ...before, window: store.view.value.window });
    expect(store.refusal.value).toMatchObject({ parameter: "views", fellBack: false });
    expect(store.notice.value).toBeNull();
  });
});

describe("another view", () => {
  it("is asked for on the same socket", () => {
    live();

    store.view.value = { ...DEFAULT_VIEW, graphType: "service", namespaces: ["shop"] };

    expect(world.sockets).toHaveLength(1);
    expect(world.last.sent).toEqual([
      { type: "view", graph_type: "service", window: "1m", namespaces: ["shop"] },
    ]);
  });

  it("is what a reconnect asks for", () => {
    live();
    store.view.value = { ...DEFAULT_VIEW, graphType: "service", window: "5m" };
    world.last.hangUp();
    vi.advanceTimersByTime(500);

    expect(world.last.url).toBe("ws://host/ws/graph?type=service&window=5m");
  });
});

describe("pause", () => {
  it("freezes the numbers and takes a snapshot when it ends", () => {
    live();
    store.paused.value = true;
    world.last.say(delta(2, { put: { nodes: [node("b")], edges: [] } }));
    expect(store.mesh.value.nodes.has("b")).toBe(false);

    store.paused.value = false;

    expect(world.last.sent).toEqual([{ type: "resync" }]);
  });

  it("still shows another view when one is chosen", () => {
    live();
    store.paused.value = true;

    world.last.say(snapshot({ graph_type: "service", nodes: [node("s")] }));
    world.last.say(delta(2, { drop: { nodes: ["s"], edges: [] } }));

    expect([...store.mesh.value.nodes.keys()]).toEqual(["s"]);
  });

  it.each([{ perspective: "client" as const }, { idle: true }, { operations: true }])(
    "still shows the same graph otherwise: %j",
    (change) => {
      live();
      store.paused.value = true;

      world.last.say(snapshot({ ...change, nodes: [node("other")] }));

      expect([...store.mesh.value.nodes.keys()]).toEqual(["other"]);
    },
  );
});
