import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobs } from '../../shared/service/create-jobs.ts';
import { explainJob } from '../../shared/service/explain/explain-job.ts';
import { cancelJob } from '../../shared/service/verbs.ts';
import { anOperation } from '../support/a-world.ts';
import { ADMIN, OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryLaneLoad } from '../support/memory/memory-lane-load.ts';
import { type Service, serviceOn } from '../support/on-emulators.ts';
import { countedTables, type Units } from '../support/units.ts';

const MANY = 1_200;
/** Of the longest kind, as rows and places carry it. */
const TOKEN = '日'.repeat(100);

/** What an explanation costs does not follow the length of the line. */
describe('the reads of an explanation', () => {
  let emulators: Emulators;
  let units: Units;
  let service: Service;
  let line: readonly string[];

  beforeAll(async () => {
    const started = await startEmulators();
    const counted = countedTables();
    units = counted.units;
    emulators = Object.assign(started, { tables: counted.tables });
    service = await serviceOn(emulators, anOperation({ lane: 'standard' }));
    line = await create(MANY, { dependencyToken: TOKEN });
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  /** So many jobs by batches; the first one waits for a date. */
  async function create(many: number, more: { dependencyToken?: string } = {}): Promise<string[]> {
    const order = { operation: 'count-to', input: {}, ...more };
    const first = { ...order, postponeUntil: '2099-01-01T00:00:00.000Z' };
    const orders = Array.from({ length: many }, (_, n) => ({ order: n === 0 ? first : order }));
    const answers = await createJobs(orders, OPERATOR, service);
    return answers.map((answer) => {
      if ('refused' in answer) throw new Error(`An order was refused: ${String(answer.refused)}`);
      return answer.job.jobId;
    });
  }

  /** The requests to DynamoDB. */
  async function readsOf(jobId: string) {
    units.calls.length = 0;
    const told = await explainJob(jobId, ADMIN, { ...service, laneLoad: new MemoryLaneLoad() });
    const calls = units.calls.map((call) => call.split(' ')[0]);
    return { told, calls, reads: calls.length };
  }

  it('are four for the last one of 1,200, which is told that more than 1,000 are ahead', async () => {
    const { told, calls, reads } = await readsOf(line.at(-1) ?? '');
    expect(told).toMatchObject({
      because: 'waitsForTurn',
      ahead: { count: 1_000, isMore: true },
      head: { jobId: line[0], because: 'postponed', until: '2099-01-01T00:00:00.000Z' },
      expectedStart: { notBefore: '2099-01-01T00:00:00.000Z' },
    });
    expect(told.text).toMatch(/: more than 1,000 jobs of its token are ahead of it/);
    expect(told.freedBy.map(({ verb, jobId }) => [verb, jobId])).toEqual([
      ['resume', line[0]],
      ['cancel', line[0]],
    ]);
    expect([calls, reads]).toEqual([['GetItemCommand', 'QueryCommand', 'GetItemCommand', 'QueryCommand'], 4]);
  });

  it.each([
    [1, { count: 1 }],
    [1_000, { count: 1_000 }],
    [1_001, { count: 1_000, isMore: true }],
  ])('are four for number %d behind the head, and the count is right', async (place, ahead) => {
    const { told, reads } = await readsOf(line[place] ?? '');
    expect([told.ahead, reads]).toEqual([ahead, 4]);
  });

  it('are three for the head, and two for a job that stands in no line', async () => {
    expect((await readsOf(line[0] ?? '')).reads).toBe(3);
    const [alone = ''] = await create(1);
    expect((await readsOf(alone)).reads).toBe(2);
  });

  it('are one for a job that is over, however long the line is that it has left', async () => {
    const jobId = line[5] ?? '';
    await cancelJob(jobId, ADMIN, service);
    const { told, reads } = await readsOf(jobId);
    expect([told.because, reads]).toEqual(['over', 1]);
  });
});
