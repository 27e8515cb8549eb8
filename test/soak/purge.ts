import { purge } from '../../shared/operations/purge.ts';
import { aPast, completedJobs, postponedJobs } from '../support/a-past.ts';
import { startEmulators } from '../support/emulators.ts';
import { settableClock } from '../support/memory/settable-clock.ts';
import { runOperation } from '../support/run-operation.ts';
import { countedTables } from '../support/units.ts';

const MANY = 100_000;
const OPEN = 1_000;
const PER_INSERT = 5_000;
/** Of ten jobs, one has a result in its details. */
const WITH_DETAILS = 10;

/** A hundred thousand old jobs among open ones: how many a second go, and at how many units each. */
export async function purgeSoak(say: (text: string) => void, old = MANY): Promise<string[]> {
  await using emulators = await startEmulators();
  const { tables, units } = countedTables();
  const past = await aPast(emulators);
  for (let from = 0; from < old; from += PER_INSERT) {
    const jobs = completedJobs(PER_INSERT, 48 + from / PER_INSERT);
    await past.jobs.insertAll(jobs);
    for (const job of jobs.filter((_, n) => n % WITH_DETAILS === 0)) {
      await past.details.putResult({ ...job, claimNumber: 1 }, { counted: 3 });
    }
  }
  await past.jobs.insertAll(postponedJobs(OPEN));
  say(`${old} old jobs and ${OPEN} open ones are there`);
  const counted = await aPast({ ...emulators, tables, freshTables: async () => past.names });
  const began = performance.now();
  const repositories = { purger: { ...counted, retention: async () => ({ retentionDays: 1 }) } };
  const { result } = await runOperation(purge, { repositories, clock: settableClock() });
  const seconds = (performance.now() - began) / 1_000;
  const [writes, reads] = [units.writes / old, units.reads / old];
  say(
    `${Math.round(old / seconds)} jobs a second; each ${writes.toFixed(2)} write units, ${reads.toFixed(2)} read units`,
  );
  say(JSON.stringify(result));
  const left = await past.history.count({ from: 0, to: Number.MAX_SAFE_INTEGER });
  return left === OPEN ? [] : [`${left} jobs are left, not the ${OPEN} open ones`];
}
