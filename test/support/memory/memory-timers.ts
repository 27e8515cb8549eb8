import type { Ring, Timers } from '../../../shared/service/ports.ts';

interface Timer {
  readonly ring: Ring;
  readonly at: number;
}

/** Timers that remember what they were set to, and can be out of order. */
export class MemoryTimers implements Timers {
  readonly timers: Timer[] = [];
  #isBroken = false;

  async set(ring: Ring, at: number): Promise<void> {
    if (this.#isBroken) throw new Error('The timers are out of order.');
    this.timers.push({ ring, at });
  }

  /** From now on none can be set. */
  breaks(): void {
    this.#isBroken = true;
  }

  /** The timers since the last look. */
  take(): Timer[] {
    return this.timers.splice(0);
  }
}
