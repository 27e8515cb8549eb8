import type { Turns } from '../../../shared/service/start-upkeep.ts';

/** The latest jobs of duties in a map. */
export class MemoryTurns implements Turns {
  readonly #latest = new Map<string, string>();

  async latest(duty: string): Promise<string | undefined> {
    return this.#latest.get(duty);
  }

  async note(duty: string, jobId: string): Promise<void> {
    this.#latest.set(duty, jobId);
  }
}
