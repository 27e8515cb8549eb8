import { v5 } from 'uuid';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import type { OverdueRepositories } from '../../shared/operations/start-overdue.ts';
import type { Mender } from '../../shared/service/mend-job.ts';
import { MemoryAssetStore } from './memory/memory-asset-store.ts';
import { MemoryTurns } from './memory/memory-turns.ts';

/** What the scan needs to find overdue assets: there are none, if nothing else is said. */
export const overdueIn = (
  mender: Mender,
  assets: OverdueRepositories['assets'] = new MemoryAssetStore(),
): OverdueRepositories => ({
  assets,
  starter: {
    ...mender,
    turns: new MemoryTurns(),
    nextSequence: sequenceMaker(mender.clock, () => 0),
    idOf: (name) => v5(name, v5.URL),
  },
});
