import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { faultsOf, toldOf } from '../support/job-history.ts';
import { allOver, countBy, createMany } from '../support/many-jobs.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const TOKENS = 50;
const JOBS = 2_000;
const KILLS = 3;
const WITHIN_MS = 400_000;

/** Two thousand jobs on fifty tokens while workers, and once everything, are killed. */
describe('a service under fire', () => {
  let service: RunningLonghaul;

  beforeAll(async () => {
    service = await startLonghaul();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const client = async (): Promise<ApiClient> => apiClient(service.url, await service.token('operator'));

  it(
    'runs every job, those of a token one at a time and in order, whatever is killed',
    async () => {
      const created = await createAll(await client());
      for (let kill = 0; kill < KILLS; kill++) await killTheWorkers(service.pid);
      await service.kill('SIGKILL');
      service = await service.restart();
      for (let kill = 0; kill < KILLS; kill++) await killTheWorkers(service.pid);
      const ended = await allOver(await client(), {
        operation: 'diagnose',
        wanted: JOBS,
        withinMs: WITHIN_MS,
      });
      const history = created.map((jobId, place) => toldOf(ended.get(jobId) ?? {}, tokenOf(place), place));
      expect(faultsOf(history)).toEqual([]);
      expect(countBy(history.map(({ shownAs }) => shownAs))).toEqual({ Success: JOBS });
    },
    WITHIN_MS + 60_000,
  );
});

describe('the history checker', () => {
  it('sees two jobs of a token that overlap', () => {
    expect(faultsOf([job(0, '10:00', '10:02'), job(1, '10:01', '10:03')])).toHaveLength(1);
  });

  it('sees jobs of a token that change places', () => {
    expect(faultsOf([job(0, '10:02', '10:03'), job(1, '10:00', '10:01')])).toHaveLength(1);
  });

  it('finds no fault with jobs that follow each other', () => {
    expect(faultsOf([job(1, '10:02', '10:03'), job(0, '10:00', '10:02')])).toEqual([]);
  });
});

const job = (place: number, startedOn: string, completedOn: string) => ({
  jobId: `job-${place}`,
  token: 'a',
  place,
  shownAs: 'Success',
  startedOn,
  completedOn,
});

const tokenOf = (place: number): string => `line ${place % TOKENS}`;

const createAll = (client: ApiClient): Promise<string[]> =>
  createMany(
    client,
    Array.from({ length: JOBS }, (_, place) => ({
      operation: 'diagnose',
      input: { steps: 2, stepMs: 5, ...(place % 9 === 0 && { lane: 'bulk' }) },
      dependencyToken: tokenOf(place),
    })),
  );

/** Waits for workers to be there and kills them all at once, in the middle of whatever they do. */
async function killTheWorkers(servicePid: number): Promise<void> {
  // When all lines wait for the leases of those killed before, nobody is at work for half a minute.
  const deadline = Date.now() + 180_000;
  for (;;) {
    const workers = childrenOf(servicePid).filter(isInstance);
    if (workers.length > 0) {
      await delay(500); // long enough to be at work, which nothing outside can see
      for (const worker of workers) killIfThere(worker);
      return;
    }
    if (Date.now() > deadline) throw new Error('No worker is there to be killed.');
    await delay(20);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => Number(/^PPid:\s+(\d+)$/m.exec(told(name, 'status'))?.[1]) === pid)
    .map(Number);

/** A process of a function, be it of the API or of a lane. */
const isInstance = (pid: number): boolean => told(String(pid), 'cmdline').includes('bootstrap.mjs');

function told(pid: string, what: 'status' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
