import type { Ring, Timers } from '../../../shared/service/ports.ts';

/** Timers that remember what they were set to. */
export class MemoryTimers implements Timers {
  readonly timers: { readonly ring: Ring; readonly at: number }[] = [];

  async set(ring: Ring, at: number): Promise<void> {
    this.timers.push({ ring, at });
  }
}
