/** Work that the test lets go, piece by piece, and watches. */
export class HeldWork<T> {
  readonly begun: T[] = [];
  readonly ended: T[] = [];
  readonly #gates = new Map<T, { open: () => void; fail: (error: Error) => void }>();

  /** Begins at once, ends when it is let go. */
  readonly work = async (item: T): Promise<string> => {
    this.begun.push(item);
    try {
      await new Promise<void>((open, fail) => {
        this.#gates.set(item, { open, fail });
      });
      return `did ${String(item)}`;
    } finally {
      this.ended.push(item);
    }
  };

  get underWay(): number {
    return this.begun.length - this.ended.length;
  }

  async letGo(...items: T[]): Promise<void> {
    for (const item of items) this.#gates.get(item)?.open();
    await settled();
  }

  async fail(item: T, error: Error): Promise<void> {
    this.#gates.get(item)?.fail(error);
    await settled();
  }
}

/** When everything that can go on without waiting for the outside has gone on. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
