/** Lets timers, signals and pages have their turn while training computes without ever waiting for anything. */

/** At most this long without a turn for others; shorter than a frame's worth of patience. */
const milliseconds = 40;

/** A function to await between units of work: mostly free, now and then one turn of the event loop. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < milliseconds) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

/** Not `setTimeout`: browsers delay it by 4 ms. Node has a function for it, and takes long to load its message channels. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { readonly setImmediate?: (task: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
