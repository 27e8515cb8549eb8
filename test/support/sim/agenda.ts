interface Entry {
  readonly at: number;
  readonly place: number;
  run: (() => void) | undefined;
}

/**
 * Virtual time: what is to happen, in the order of its moments. Between two entries every promise that can go on goes
 * as far as it can, so that nothing depends on how many ticks a piece of code takes.
 */
export class Agenda {
  readonly #heap: Entry[] = [];
  #places = 0;
  #now: number;
  #isStopped = false;

  constructor(start: number) {
    this.#now = start;
  }

  /** Milliseconds since 1970, true time. */
  get now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.#now + ms, run);
  }

  at(moment: number, run: () => void): () => void {
    const entry: Entry = { at: Math.max(this.#now, moment), place: this.#places++, run };
    this.#push(entry);
    return () => {
      entry.run = undefined;
    };
  }

  /** Nothing more happens. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Lets everything happen that falls due until then. */
  runUntil(end: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        const next = this.#isStopped ? undefined : this.#pop(end);
        if (next === undefined) {
          if (!this.#isStopped) this.#now = Math.max(this.#now, end);
          resolve();
          return;
        }
        this.#now = next.at;
        try {
          next.run?.();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        // A tick that is asked for in a microtask comes when no microtask is left.
        queueMicrotask(() => process.nextTick(step));
      };
      process.nextTick(step);
    });
  }

  #pop(end: number): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.at > end) return undefined;
      this.#removeFirst();
      if (first.run !== undefined) return first;
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const isRight = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.place < b.place);
