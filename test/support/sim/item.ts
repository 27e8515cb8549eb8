interface Version<T> {
  readonly visibleFrom: number;
  readonly value: T | undefined;
}

/** Longer than any index lags behind. */
const KEPT_MS = 10_000;

/** One item of a table with its past: a reader may see what it was a moment ago, a writer sees what it is. */
export class Item<T> {
  #versions: Version<T>[] = [];

  /** What conditions are checked against. */
  get latest(): T | undefined {
    return this.#versions.at(-1)?.value;
  }

  /** A transaction has reached all its items by then; until then nobody else can write this one. */
  get settledAt(): number {
    return this.#versions.at(-1)?.visibleFrom ?? 0;
  }

  asOf(moment: number): T | undefined {
    for (let at = this.#versions.length - 1; at >= 0; at--) {
      const version = this.#versions[at];
      if (version !== undefined && version.visibleFrom <= moment) return version.value;
    }
    return undefined;
  }

  write(value: T | undefined, visibleFrom: number): void {
    const [, second] = this.#versions;
    if (second !== undefined && second.visibleFrom < visibleFrom - KEPT_MS) this.#versions.shift();
    this.#versions.push({ visibleFrom, value });
  }
}
