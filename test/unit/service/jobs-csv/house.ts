import type { Job } from '../../../../shared/job/job.ts';
import { sequenceAt } from '../../../../shared/job/sequence.ts';
import { aJob } from '../../../support/a-job.ts';
import { anOperation } from '../../../support/a-world.ts';
import { countingIds, idOf } from '../../../support/memory/counting-ids.ts';
import { MemoryExports } from '../../../support/memory/memory-exports.ts';
import { MemoryJobDetails } from '../../../support/memory/memory-job-details.ts';
import { MemoryJobStore } from '../../../support/memory/memory-job-store.ts';
import { MemorySeries } from '../../../support/memory/memory-series.ts';
import { NOON, settableClock } from '../../../support/memory/settable-clock.ts';

/** Jobs, the first the oldest, and all that makes a CSV of them. */
export function aHouse(...facts: Partial<Job>[]) {
  const [jobs, details] = [new MemoryJobStore(), new MemoryJobDetails()];
  const all = facts.map((each, place) =>
    aJob({ jobId: idOf(place + 1), sequence: sequenceAt(NOON + place), ...each }),
  );
  for (const job of all) jobs.put(job);
  return {
    all,
    jobs,
    details,
    series: new MemorySeries(jobs, details.audit),
    operations: new Map([['count-to', anOperation()]]),
    exports: new MemoryExports(),
    clock: settableClock(),
    newId: countingIds(),
  };
}
