import type { Doorbell, Ring } from '../../../shared/service/ports.ts';

/** A doorbell that remembers who rang, and can be out of order. */
export class MemoryDoorbell implements Doorbell {
  readonly rings: Ring[] = [];
  #fault: { readonly error: Error; readonly arrives: boolean } | undefined;

  async ring(ring: Ring): Promise<void> {
    if (this.#fault === undefined || this.#fault.arrives) this.rings.push(ring);
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  async ringAll(rings: readonly Ring[]): Promise<ReadonlySet<number>> {
    const failed = new Set<number>();
    for (const [place, ring] of rings.entries()) await this.ring(ring).catch(() => failed.add(place));
    return failed;
  }

  /** From now on every ring fails; `arrives` if only the answer is lost. */
  breaks({ arrives = false } = {}): void {
    this.#fault = { error: new Error('The queue is out of order.'), arrives };
  }

  /** The rings since the last look. */
  take(): Ring[] {
    return this.rings.splice(0);
  }
}
