import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../../shared/job/job.ts';
import { type Json, parseJson } from '../../../../shared/job/json.ts';
import { sequenceAt } from '../../../../shared/job/sequence.ts';
import { Status } from '../../../../shared/job/status.ts';
import type { Item } from '../../../../shared/operations/bulk/bulk-cursor.ts';
import type { BulkVerb } from '../../../../shared/operations/bulk/bulk-input.ts';
import type { BulkRepositories } from '../../../../shared/operations/bulk/bulk-operation.ts';
import { BULK_OPERATIONS } from '../../../../shared/operations/bulk/bulk-operations.ts';
import type { Caller } from '../../../../shared/service/caller.ts';
import { createJob } from '../../../../shared/service/create-job.ts';
import { pagesFrom } from '../../../../shared/service/job-pages.ts';
import type { Outcome, Steps } from '../../../../shared/service/operation.ts';
import { rerunJob } from '../../../../shared/service/rerun-job.ts';
import { cancelJob } from '../../../../shared/service/verbs.ts';
import { aJob, aRunningJob, at } from '../../../support/a-job.ts';
import { anOperation, aWorldWith, hear, put, theJob, type World } from '../../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../../support/callers.ts';
import { MemoryHistory } from '../../../support/memory/memory-history.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';
import { noCallback, outcomeOf } from '../../../support/never-waits.ts';

type BulkWorld = World<BulkRepositories>;

function aBulkWorld(): BulkWorld {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- filled in below: the world is part of it
  const empty = aWorldWith({} as BulkRepositories, anOperation<BulkRepositories>(), ...BULK_OPERATIONS);
  const service = { ...empty, newId: randomUUID };
  return {
    ...service,
    repositories: { bulk: { service, history: new MemoryHistory(service.jobs), pages: service.details } },
  };
}

let world: BulkWorld;
beforeEach(() => {
  world = aBulkWorld();
});

const DAY_MS = 24 * 3_600_000;
let jobs = 0;
/** Created before the bulk job, each a moment after the one before. */
const before = (facts: Partial<Job> = {}): Job => {
  const ms = NOON - DAY_MS + ++jobs;
  const made = aJob({ sequence: sequenceAt(ms), createdOn: new Date(ms).toISOString(), ...facts });
  const { watchAt, ...row } = made;
  return put(made.statusCode >= 30 ? row : { ...row, watchAt: watchAt ?? at() }, world);
};
const over = (facts: Partial<Job> = {}): Job =>
  before({ statusCode: Status.Succeeded, completedOn: at(-3_600_000), ...facts });

const order = async (
  verb: BulkVerb,
  input: { [name: string]: Json },
  caller: Caller = OPERATOR,
): Promise<Job> => {
  const { job } = await createJob({ operation: `bulk-${verb}`, input }, caller, world);
  const running: Job = { ...job, statusCode: Status.InProgress, claimNumber: 1, hostId: 'host-1' };
  world.jobs.put(running);
  return running;
};

function begun(bulkJob: Job, cursor?: Json, signal = new AbortController().signal): Steps {
  const operation = world.operations.get(bulkJob.operation);
  if (operation === undefined) throw new Error(`There is no ${bulkJob.operation}.`);
  const input = parseJson(bulkJob.input ?? '{}');
  return operation.run(input, {
    jobId: bulkJob.jobId,
    cursor,
    run: { claimNumber: 1, tries: 1, crashes: 0, hostId: 'host-1' },
    clock: world.clock,
    repositories: world.repositories,
    signal,
    sleep: async () => {},
    callback: noCallback,
    log: () => {},
  });
}

async function toTheEnd(steps: Steps): Promise<Outcome> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return outcomeOf(value);
  }
}

const run = async (verb: BulkVerb, input: { [name: string]: Json }, caller?: Caller): Promise<Outcome> =>
  toTheEnd(begun(await order(verb, input, caller)));

async function itemsOf(bulkJob: Job): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { lines } of pagesFrom(0, (page) => world.details.get(bulkJob, 'items', page))) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation's own lines
    items.push(...(lines as Item[]));
  }
  return items;
}

const statusOf = async ({ jobId }: Job): Promise<number> => (await theJob(jobId, world)).statusCode;

/** More than a page of the list, more than a page of the walk. */
const MANY = 450;

describe('a bulk verb', () => {
  it('is applied to all that match, and to nothing else', async () => {
    const [waiting, postponed, running, done, other] = [
      before({ name: 'mine' }),
      before({ name: 'mine', statusCode: Status.Waiting, postponeUntil: at(DAY_MS) }),
      put(aRunningJob({ name: 'mine', sequence: sequenceAt(NOON - 1) }), world),
      over({ name: 'mine' }),
      before({ name: 'other' }),
    ];
    const { result, friendlyMessage } = await run('cancel', { filter: "name eq 'mine' and statecode ne 3" });
    expect(result).toMatchObject({ verb: 'cancel', found: 3, done: 3, refused: 0, asOf: at() });
    expect(friendlyMessage).toBe('Canceled 3 of 3 jobs.');
    expect(await Promise.all([waiting, postponed, running, done, other].map(statusOf))).toEqual([
      32, 32, 22, 30, 0,
    ]);
  });

  it('never means itself, jobs that came after it, or what the service made for itself', async () => {
    const upkeep = over({ isPlatformGenerated: true });
    const bulkJob = await order('delete', { filter: 'sequence gt 0', force: true });
    const later = put(aJob({ sequence: bulkJob.sequence + 1 }), world);
    const { result } = await toTheEnd(begun(bulkJob));
    expect(result).toMatchObject({ found: 0 });
    expect(await Promise.all([upkeep, bulkJob, later].map(statusOf))).toEqual([30, 20, 0]);
  });

  it('says of each job what became of it, and why', async () => {
    const [ready, running, gone, changed] = [
      before({ name: 'd' }),
      put(aRunningJob({ name: 'c', sequence: sequenceAt(NOON - 1) }), world),
      over({ name: 'b' }),
      over({ name: 'a' }),
    ];
    const bulkJob = await order('delete', { filter: "name in ('a','b','c','d')" });
    const steps = begun(bulkJob);
    for (let page = 0, found = false; !found && page < 9; page++) {
      const { value } = await steps.next();
      // All are found; then the world goes on before it is their turn.
      if ('cursor' in value && JSON.stringify(value.cursor).includes('"applying"')) found = true;
    }
    world.jobs.forget(gone.jobId);
    world.jobs.put({ ...changed, name: 'z' });
    const { result, friendlyMessage } = await toTheEnd(steps);
    expect(result).toMatchObject({ found: 4, done: 0, already: 1, refused: 2, skipped: 1, failed: 0 });
    expect(friendlyMessage).toBe('Deleted 0 of 4: 2 refused, 1 were so already, 1 had changed or gone.');
    const items = new Map((await itemsOf(bulkJob)).map((item) => [item.jobId, item]));
    expect(items.get(ready.jobId)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('is Queued'),
    });
    expect(items.get(running.jobId)).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('is Active'),
    });
    expect(items.get(gone.jobId)).toMatchObject({ outcome: 'already', detail: 'The job is gone.' });
    expect(items.get(changed.jobId)).toMatchObject({
      outcome: 'skipped',
      detail: 'It does not match any more: it is Success.',
    });
  });

  it('is not applied to a job that changes in the very moment of the write', async () => {
    const job = before({ name: 'raced' });
    const bulkJob = await order('cancel', { filter: "name eq 'raced' and statuscode eq 0" });
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = async (step) => {
      // Somebody was faster: the worker holds it now.
      world.jobs.put({ ...job, statusCode: Status.InProgress, claimNumber: 1, leaseEndsAt: at(60_000) });
      return make(step);
    };
    expect((await toTheEnd(begun(bulkJob))).result).toMatchObject({ found: 1, done: 0, skipped: 1 });
    expect(await statusOf(job)).toBe(Status.InProgress);
  });

  it('reads a text whole that is shortened on the row', async () => {
    const [one, two] = [
      before({ name: 'Long…', longTexts: ['name'] }),
      before({ name: 'Long…', longTexts: ['name'] }),
    ];
    await world.details.putOrderText(one, 'name', 'Long and at its end a needle');
    await world.details.putOrderText(two, 'name', 'Long and at its end some hay');
    expect((await run('cancel', { filter: "endswith(name,'NEEDLE')" })).result).toMatchObject({
      found: 1,
      done: 1,
    });
    expect([await statusOf(one), await statusOf(two)]).toEqual([32, 0]);
  });

  it('stops others before it frees them to run: the youngest of a line is canceled first', async () => {
    const line = [1, 2, 3].map(() => before({ dependencyToken: 'orders' }));
    const bulkJob = await order('cancel', { filter: "dependencytoken eq 'orders' and statecode eq 0" });
    await toTheEnd(begun(bulkJob));
    const ids = (await itemsOf(bulkJob)).map(({ jobId }) => jobId);
    expect(ids).toEqual(line.map(({ jobId }) => jobId).toReversed());
  });

  it('postpones until its date, resumes, and pauses', async () => {
    const job = before();
    const filter = "name eq 'Count'";
    await run('postpone', { filter, until: '2026-12-31T00:00:00+01:00' });
    expect(await theJob(job.jobId, world)).toMatchObject({
      statusCode: 10,
      postponeUntil: '2026-12-30T23:00:00.000Z',
    });
    await run('resume', { filter });
    expect(await statusOf(job)).toBe(Status.WaitingForResources);
    expect((await run('pause', { filter })).result).toMatchObject({ found: 1, refused: 1 });
  });
});

describe('a bulk verb that is canceled while it goes', () => {
  it('stops at its next checkpoint, and lists what it has not come to', async () => {
    for (let n = 0; n < MANY; n++) over();
    const { job: bulkJob } = await createJob(
      { operation: 'bulk-delete', input: { filter: 'statuscode eq 30' } },
      OPERATOR,
      world,
    );
    const { details } = world;
    const { put: write } = details;
    details.put = async (own, list, page, lines) => {
      await write(own, list, page, lines);
      const isWorkedOff = JSON.stringify(lines).includes('"done"');
      if (isWorkedOff && page === 1) await cancelJob(bulkJob.jobId, OPERATOR, world);
      world.clock.advance(2_000);
    };
    await hear({ jobId: bulkJob.jobId, lane: 'bulk' }, world);
    expect(await statusOf(bulkJob)).toBe(Status.Canceled);
    expect(world.jobs.rows()).toHaveLength(MANY - 200 + 1);
    const outcomes = Map.groupBy(await itemsOf(bulkJob), ({ outcome }) => outcome);
    expect([outcomes.get('done')?.length, outcomes.get('waiting')?.length]).toEqual([200, MANY - 200]);
  });
});

describe('whose jobs a bulk verb means', () => {
  const filter = "name eq 'Count'";
  const OTHERS = { createdBy: 'otto', ownerId: 'otto' };

  it.each<[string, Caller, { asAdmin?: boolean }, number]>([
    ['an operator', OPERATOR, {}, 1],
    ['an admin', ADMIN, {}, 3],
    ['an admin who says so', ADMIN, { asAdmin: true }, 3],
    ['an admin who wants only own ones', ADMIN, { asAdmin: false }, 1],
  ])('%s', async (_who, caller, rights, found) => {
    before();
    before(OTHERS);
    before({ createdBy: 'adam', ownerId: 'adam' });
    expect((await run('cancel', { filter, ...rights }, caller)).result).toMatchObject({ found, done: found });
  });

  it('is not for an operator to widen, nor for a reader to say at all', async () => {
    const refusal = { code: 'NotAllowed' };
    await expect(order('cancel', { filter, asAdmin: true }, OPERATOR)).rejects.toMatchObject(refusal);
    await expect(order('cancel', { filter }, READER)).rejects.toMatchObject(refusal);
    expect(world.jobs.rows()).toEqual([]);
  });

  it('is not for an operator to widen by a rerun of an admin’s job either', async () => {
    const bulkJob = await order('cancel', { filter }, ADMIN);
    world.jobs.put({ ...bulkJob, statusCode: Status.Succeeded, completedOn: at(), ownerId: 'olga' });
    await expect(rerunJob(bulkJob.jobId, OPERATOR, world)).rejects.toMatchObject({ code: 'NotAllowed' });
  });
});

describe('a bulk rerun', () => {
  it('makes one new job for each, in the order of the old ones, however often a crash repeats it', async () => {
    const old = [1, 2, 3].map(() => over({ dependencyToken: 'orders' }));
    const bulkJob = await order('rerun', { filter: 'statuscode eq 30' });
    await toTheEnd(begun(bulkJob));
    const first = await itemsOf(bulkJob);
    await world.details.put(
      bulkJob,
      'items',
      0,
      first.map(({ jobId, name }) => ({ jobId, name, outcome: 'waiting' })),
    );
    await toTheEnd(begun(bulkJob));
    const made = world.jobs.rows().filter(({ rerunOf }) => rerunOf !== undefined);
    const inOrder = made.toSorted((a, b) => a.sequence - b.sequence).map(({ rerunOf }) => rerunOf);
    expect(inOrder).toEqual(old.map(({ jobId }) => jobId));
    expect((await itemsOf(bulkJob)).map(({ newJobId }) => newJobId)).toEqual(
      first.map(({ newJobId }) => newJobId),
    );
  });

  it('of a bulk verb from its checkpoint finds its jobs anew: the list was that of the other', async () => {
    const bulkJob = await order('cancel', { filter: "name eq 'Count'" });
    const steps = begun(bulkJob);
    let cursor: Json | undefined;
    for (let step = await steps.next(); !step.done; step = await steps.next()) cursor = step.value.cursor;
    before();
    const again = await order('cancel', { filter: "name eq 'Count'" });
    expect((await toTheEnd(begun(again, cursor))).result).toMatchObject({ found: 1, done: 1 });
  });
});

describe('a bulk verb that crashes', () => {
  it.each<[BulkVerb, string, () => Job]>([
    ['delete', 'statuscode eq 30', () => over()],
    ['cancel', 'statecode eq 0', () => before()],
  ])(
    'and goes on from any checkpoint has done each once in the end, and says so: %s',
    async (verb, filter, make) => {
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 12 }), fc.nat({ max: 4 }), async (saved, lost) => {
          world = aBulkWorld();
          for (let n = 0; n < MANY; n++) make();
          const kept = before({ statusCode: Status.Waiting, postponeUntil: at(DAY_MS) });
          const bulkJob = await order(verb, { filter });
          const steps = begun(bulkJob);
          let cursor: Json | undefined;
          let step = await steps.next();
          for (let made = 0; made <= saved + lost && !step.done; made++) {
            if (made <= saved || step.value.mustSave) ({ cursor } = step.value);
            step = await steps.next();
          }
          const { result } = await toTheEnd(begun(bulkJob, cursor));
          expect(result).toMatchObject({ found: MANY, refused: 0, failed: 0 });
          const items = await itemsOf(bulkJob);
          expect(new Set(items.map(({ jobId }) => jobId)).size).toBe(MANY);
          expect(items).toHaveLength(MANY);
          expect(items.filter(({ outcome }) => outcome === 'waiting')).toEqual([]);
          expect(await statusOf(kept)).toBe(Status.Waiting);
          const left = world.jobs
            .rows()
            .filter(({ statusCode }) => statusCode !== (verb === 'delete' ? 30 : 32));
          expect(left.map(({ jobId }) => jobId).toSorted()).toEqual([kept.jobId, bulkJob.jobId].toSorted());
        }),
        { numRuns: 25 },
      );
    },
  );

  it('counts what it did before the crash as done, and what others did as done by them', async () => {
    const [first, second] = [before(), before()];
    const bulkJob = await order('cancel', { filter: 'statecode eq 0' });
    const steps = begun(bulkJob);
    let cursor: Json | undefined;
    while (!JSON.stringify(cursor ?? null).includes('"applying"')) {
      const { value } = await steps.next();
      cursor = 'cursor' in value ? value.cursor : cursor;
    }
    await cancelJob(first.jobId, OPERATOR, world);
    await cancelJob(second.jobId, ADMIN, world);
    expect((await toTheEnd(begun(bulkJob, cursor))).result).toMatchObject({ found: 2, done: 1, already: 1 });
  });

  it('shows a page that failed as a whole to the engine, which tries it again', async () => {
    before();
    const bulkJob = await order('cancel', { filter: 'statecode eq 0' });
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = () => Promise.reject(new Error('The table is throttled.'));
    await expect(toTheEnd(begun(bulkJob))).rejects.toThrow('throttled');
    world.jobs.make = make;
    expect((await toTheEnd(begun(bulkJob))).result).toMatchObject({ found: 1, done: 1 });
  });

  it('counts one that nobody expected to fail, and goes on with the others', async () => {
    const [poison, fine] = [before(), before()];
    const bulkJob = await order('cancel', { filter: 'statecode eq 0' });
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = (step) =>
      step.jobId === poison.jobId ? Promise.reject(new Error('Boom.')) : make(step);
    expect((await toTheEnd(begun(bulkJob))).result).toMatchObject({ done: 1, failed: 1 });
    expect([await statusOf(poison), await statusOf(fine)]).toEqual([0, 32]);
    expect(await itemsOf(bulkJob)).toContainEqual(
      expect.objectContaining({ outcome: 'failed', detail: 'Boom.' }),
    );
  });
});
