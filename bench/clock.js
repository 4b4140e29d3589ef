/**
 * Runs before a page's own scripts, and notes when what the bench waits for is on the screen: in the
 * task after the frame that shows it, so that styles, layout and painting of that frame are in it.
 * The page says `settled` and `seq`, the number of the newest frame that it shows.
 */
(() => {
  const page = () => window.rival ?? window.meshviz?.graph;
  const afterFrame = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(null);
  };
  const once = (condition, then) => {
    const look = () =>
      condition(page()) ? afterFrame(then) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  };

  const bench = { settledMs: null, updatesMs: [] };
  window.bench = bench;
  once(
    (page) => page?.settled,
    (now) => (bench.settledMs = now),
  );

  // The picture is number 1; what is no update has no number.
  let newest = 1;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (!data.startsWith('{"type": "delta"')) return;
        newest += 1;
        const [seq, came] = [newest, performance.now()];
        once(
          (page) => page.seq >= seq,
          (now) => bench.updatesMs.push(now - came),
        );
      });
    }
  };
})();
