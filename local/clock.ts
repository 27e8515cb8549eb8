/** The time of day, and a call at a time of day. Tests have one that they set. */
export interface Clock {
  now(): number;
  /** Calls once, as soon as the clock shows this time; answers what calls it off. */
  at(timeMs: number, call: () => void): () => void;
}

// A timer counts running time: a laptop that slept in between would fire late without a look at the clock now and then.
const longestTimerMs = 30_000;

export const systemClock: Clock = {
  now: Date.now,
  at(timeMs, call) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const leftMs = timeMs - Date.now();
      timer = setTimeout(leftMs <= 0 ? call : wait, Math.min(Math.max(leftMs, 0), longestTimerMs)).unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
