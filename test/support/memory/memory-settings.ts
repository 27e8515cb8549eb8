import type { SettingsChanged, SettingsNow, SettingsStore } from '../../../shared/service/settings.ts';

/** Settings and their history in memory; passes the same contract suite as the store on DynamoDB. */
export class MemorySettings implements SettingsStore {
  #now: Required<SettingsNow> | undefined;
  readonly #history: SettingsChanged[] = [];

  async read(): Promise<Required<SettingsNow> | undefined> {
    return this.#now;
  }

  async write(next: Required<SettingsNow>, change: SettingsChanged): Promise<boolean> {
    if ((this.#now?.version ?? 0) !== next.version - 1) return false;
    this.#now = next;
    this.#history.unshift(change);
    return true;
  }

  async changes({ before, limit }: { before: number; limit: number }): Promise<SettingsChanged[]> {
    return this.#history.filter(({ version }) => version < before).slice(0, limit);
  }
}
