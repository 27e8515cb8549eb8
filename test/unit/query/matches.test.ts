import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { ALL_STATUSES, isCompleted } from '../../../shared/job/status.ts';
import { type AccessPath, accessPath } from '../../../shared/query/access-path.ts';
import { candidates } from '../../../shared/query/candidates.ts';
import { compileFilter } from '../../../shared/query/compile-filter.ts';
import { matches } from '../../../shared/query/matches.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation } from '../../support/a-world.ts';
import { MemoryHistory } from '../../support/memory/memory-history.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const operations = new Map([['count-to', anOperation()]]);
const HOUR_MS = 3_600_000;

/** A filter as a tree with its own meaning, written down here without a look at the product's code. */
interface Tree {
  readonly text: string;
  readonly holds: (job: Job) => boolean | null;
}

const number = (name: string, get: (job: Job) => number | undefined) =>
  fc
    .tuple(
      fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
      fc.constantFrom(0, 1, 2, 3, 10, 20, 30, 31, null),
    )
    .filter(([op, value]) => value !== null || op === 'eq' || op === 'ne')
    .map(
      ([op, value]): Tree => ({
        text: `${name} ${op} ${value}`,
        holds: (job) => comparing(op, get(job), value),
      }),
    );

const moment = (name: string, get: (job: Job) => string | undefined) =>
  fc
    .tuple(fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), fc.integer({ min: -4, max: 4 }), fc.boolean())
    .map(([op, hours, isTurned]): Tree => {
      const ms = NOON + hours * HOUR_MS;
      const date = new Date(ms).toISOString();
      const turned = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }[op];
      return {
        text: isTurned ? `${date} ${turned} ${name}` : `${name} ${op} ${date}`,
        holds(job) {
          const own = get(job);
          return comparing(op, own === undefined ? undefined : Date.parse(own), ms);
        },
      };
    });

const described = fc.constantFrom('a', 'B', 'ab', '').map(
  (part): Tree => ({
    text: `contains(description,'${part}')`,
    holds: ({ description }) => (description === undefined ? null : new RegExp(part, 'i').test(description)),
  }),
);

const named = fc.constantFrom('one', 'TWO', 'three').map(
  (name): Tree => ({
    text: `jobId in (${idOf(name)}, ${idOf('four').toUpperCase()})`,
    holds: ({ jobId }) => jobId === idOf(name) || jobId === idOf('four'),
  }),
);

function idOf(name: string): string {
  const place = ['one', 'TWO', 'three', 'four'].indexOf(name);
  return `00000000-0000-4000-8000-00000000000${place}`;
}

function comparing(op: string, own: number | undefined, value: number | null): boolean {
  const mine = own ?? null;
  if (op === 'eq') return mine === value;
  if (op === 'ne') return mine !== value;
  if (mine === null || value === null) return false;
  const sign = Math.sign(mine - value);
  return { gt: sign === 1, ge: sign >= 0, lt: sign === -1, le: sign <= 0 }[op] ?? false;
}

const STATE: Readonly<Record<number, number>> = { 0: 0, 10: 1, 20: 2, 21: 2, 22: 2, 30: 3, 31: 3, 32: 3 };

const leaf = fc.oneof(
  number('statuscode', ({ statusCode }) => statusCode),
  number('stateCode', ({ statusCode }) => STATE[statusCode]),
  number('errorcode', ({ errorCode }) => errorCode),
  moment('createdon', ({ createdOn }) => createdOn),
  moment('completedOn', ({ completedOn }) => completedOn),
  described,
  named,
);

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('tree').map(
      (of): Tree => ({
        text: `not (${of.text})`,
        holds(job) {
          const is = of.holds(job);
          return is === null ? null : !is;
        },
      }),
    ),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(
      (parts): Tree => ({
        text: parts.map(({ text }) => `(${text})`).join(' and '),
        holds: (job) => lowest(parts.map((part) => part.holds(job))),
      }),
    ),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(
      (parts): Tree => ({
        text: parts.map(({ text }) => `(${text})`).join(' or '),
        holds: (job) => highest(parts.map((part) => part.holds(job))),
      }),
    ),
  ),
}));

/** Of false < null < true. */
const lowest = (truths: readonly (boolean | null)[]): boolean | null =>
  ORDER[Math.min(...truths.map(rank))] ?? null;
const highest = (truths: readonly (boolean | null)[]): boolean | null =>
  ORDER[Math.max(...truths.map(rank))] ?? null;
const ORDER = [false, null, true];
const rank = (truth: boolean | null): number => ORDER.indexOf(truth);

const JOBS: readonly Job[] = ALL_STATUSES.flatMap((statusCode, place) =>
  [-3, 0, 2].map((hours, n): Job => {
    const ms = NOON + hours * HOUR_MS;
    const { watchAt, ...job } = aJob({
      statusCode,
      sequence: sequenceAt(ms) + place,
      createdOn: new Date(ms).toISOString(),
      ...(n < 2 && { description: ['Abba', 'xyz'][n] }),
      ...(place % 3 === 0 && { errorCode: place % 4 }),
      ...(place === n && { jobId: idOf(['one', 'TWO', 'three'][n] ?? '') }),
    });
    return isCompleted(statusCode)
      ? { ...job, completedOn: at((hours + 1) * HOUR_MS) }
      : { ...job, watchAt: watchAt ?? at() };
  }),
);

describe('a filter', () => {
  it('means what a naive reading of it means, for every job', () => {
    fc.assert(
      fc.property(tree, ({ text, holds }) => {
        const filter = compileFilter(text);
        for (const job of JOBS) {
          expect([text, matches(filter, job, { now: NOON, operations })]).toEqual([text, holds(job)]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('leads along a path on which all that match are found, once, from any page on, up to the highest sequence', async () => {
    const jobs = new MemoryJobStore();
    for (const job of JOBS) jobs.put(job);
    const reader = { jobs, history: new MemoryHistory(jobs) };
    const upTo = sequenceAt(NOON + HOUR_MS);
    await fc.assert(
      fc.asyncProperty(tree, fc.boolean(), async ({ text, holds }, newestFirst) => {
        const filter = compileFilter(text);
        const path = accessPath(filter, NOON, upTo);
        const found: Job[] = [];
        for await (const { rows } of candidates(path, { newestFirst }, reader)) found.push(...rows);
        const ids = found
          .filter((job) => holds(job) === true && job.sequence <= upTo)
          .map(({ jobId }) => jobId);
        const right = JOBS.filter((job) => holds(job) === true && job.sequence <= upTo).map(
          ({ jobId }) => jobId,
        );
        expect([text, ids.toSorted()]).toEqual([text, right.toSorted()]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the path of a filter', () => {
  const upTo = sequenceAt(NOON);
  const AHEAD = sequenceAt(60_000);
  const PATHS: readonly (readonly [string, AccessPath])[] = [
    ['statecode eq 0', { by: 'open' }],
    ["statecode ne 3 and contains(name,'x')", { by: 'open' }],
    ['not (statuscode ge 30)', { by: 'open' }],
    ['statuscode in (0,10) or (statecode eq 2 and depth eq 1)', { by: 'open' }],
    ['statuscode eq 30', { by: 'timeline', from: 0, to: upTo }],
    ['statecode eq 0 or depth eq 1', { by: 'timeline', from: 0, to: upTo }],
    ['statecode eq 0 and statuscode eq 30', { by: 'nothing' }],
    [
      `jobid in (${idOf('one')},${idOf('TWO')}) and statuscode eq 30`,
      { by: 'id', jobIds: [idOf('one'), idOf('TWO')] },
    ],
    [
      "createdon lt now() sub 'P1D'",
      { by: 'timeline', from: 0, to: upTo - sequenceAt(24 * HOUR_MS) + AHEAD },
    ],
    [
      "statuscode eq 30 and now() sub 'P1D' gt completedon",
      { by: 'timeline', from: 0, to: upTo - sequenceAt(24 * HOUR_MS) + AHEAD },
    ],
    ["createdon gt now() sub 'P1D'", { by: 'timeline', from: upTo - sequenceAt(24 * HOUR_MS), to: upTo }],
    ["completedon gt now() sub 'P1D'", { by: 'timeline', from: 0, to: upTo }],
    ['sequence ge 5 and sequence le 7', { by: 'timeline', from: 5, to: 7 }],
    ["createdon gt now() and createdon lt now() sub 'P1D'", { by: 'nothing' }],
    ['not (sequence ge 5)', { by: 'timeline', from: 0, to: upTo }],
  ];

  it.each(PATHS)('is the cheapest that leads to all: %s', (filter, path) => {
    expect(accessPath(compileFilter(filter), NOON, upTo)).toEqual(path);
  });
});
