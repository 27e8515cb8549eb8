import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { COLUMNS, columnNamed } from '../../../shared/query/columns.ts';
import { compileFilter } from '../../../shared/query/compile-filter.ts';
import { matches } from '../../../shared/query/matches.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const ID = '5531d753-95af-e711-a94e-000d3a11e605';
const operations = new Map([['count-to', anOperation({ operationType: 13, lane: 'bulk', maxRetries: 7 })]]);
const answer = (filter: string, facts: Partial<Job> = {}) =>
  matches(compileFilter(filter), aJob(facts), { now: NOON, operations });

describe('a column', () => {
  it.each(COLUMNS.map(({ name, logicalNames }) => [name, ...logicalNames]))(
    '"%s" goes by its Dataverse name too: %s',
    (name, ...others) => {
      for (const other of others) expect(columnNamed(other)?.name).toBe(name);
      expect(others).toContain(name.toLowerCase() === 'jobid' ? 'asyncoperationid' : name.toLowerCase());
    },
  );

  it.each(['input', 'result', 'claimNumber', 'hostId', 'constructor', '__proto__'])(
    'that is a payload or inner is none: %s',
    (name) => {
      expect(() => compileFilter(`${name} eq null`)).toThrow(`There is no column "${name}" to filter by.`);
    },
  );

  it.each<[string, Partial<Job>]>([
    ['statecode eq 0 and statuscode eq 0', {}],
    ['stateCode eq 3', { statusCode: 31 }],
    ["shownAs eq 'paused'", { statusCode: 10 }],
    ['operationtype eq 13 and maxretries eq 7', {}],
    ["lane eq 'Bulk'", {}],
    ["lane eq 'standard'", { lane: 'standard' }],
    ['operationtype eq null and lane eq null', { operation: 'of another version' }],
    [`_ownerid_value eq ${ID.toUpperCase()}`, { ownerId: ID }],
    [`ownerid eq '${ID}'`, { ownerId: ID }],
    [`asyncoperationid in (${ID})`, { jobId: ID }],
    [`createdon eq ${at()}`, {}],
    ['createdon ge 2000-01-01 and createdon lt 2999-12-31T00:00Z', {}],
    ['createdon eq now()', {}],
    ["createdon gt now() sub 'PT1S'", {}],
    ['createdon eq modifiedon', {}],
    ['ownerid eq createdby', {}],
    ["name eq 'COUNT'", {}],
    ["startswith(name,'cO') and endswith(name,'NT') and contains(name,'oun')", {}],
    ['not isPlatformGenerated and isPlatformGenerated eq false', {}],
    ['executiontimespan gt 1.5', { executionTimeSpan: 1.6 }],
    ['sequence lt 99999999999999999999', {}],
  ])('has the value that people see: %s', (filter, facts) => {
    expect(answer(filter, facts)).toBe(true);
  });
});

describe('null', () => {
  it.each([
    ['completedon eq null', true],
    ['completedon ne null', false],
    [`completedon ne ${at()}`, true],
    [`completedon lt ${at()}`, false],
    [`not (completedon lt ${at()})`, true],
    ["contains(description,'x')", null],
    ["not contains(description,'x')", null],
    ["contains(description,'x') or depth eq 1", true],
    ["contains(description,'x') and depth eq 2", false],
    ['errorcode in (1,null)', true],
    ['errorcode in (1,2)', false],
  ])('is as OData has it: %s is %s', (filter, right) => {
    expect(answer(filter)).toBe(right);
  });
});

const hashed = (): Partial<Job> => ({
  dependencyToken: 'sha256:j1cdPxC-hpM',
  longTexts: ['dependencyToken'],
});

describe('a dependency token', () => {
  const long = 'Orders of '.repeat(20);
  it('is told from another one by upper and lower case, as lines are', () => {
    const facts = { dependencyToken: 'Orders' };
    const asked = ["eq 'Orders'", "eq 'orders'", "ne 'orders'", "in ('x','Orders')"];
    expect(asked.map((what) => answer(`dependencytoken ${what}`, facts))).toEqual([true, false, true, true]);
    expect(answer("'Orders' eq dependencyToken", facts)).toBe(true);
  });

  it('that a row knows by its hash is asked for by its hash, and no row is for the hash as a text', () => {
    expect(answer(`dependencytoken eq '${long}'`, { dependencyToken: long })).toBe(true);
    expect(answer("dependencytoken eq 'short'", hashed())).toBe(false);
    expect(answer("dependencytoken eq 'sha256:j1cdPxC-hpM'", hashed())).toBe(false);
    expect(answer('dependencytoken eq null', hashed())).toBe(false);
  });

  it('is not known from its hash where more is asked of it', () => {
    expect(answer("startswith(dependencytoken,'Orders')", hashed())).toBeUndefined();
  });
});

describe('a text that is shortened on the row', () => {
  const facts: Partial<Job> = { name: 'A long name…', longTexts: ['name'] };

  it('is not known from it, unless all hangs on something else', () => {
    expect(answer("contains(name,'x')", facts)).toBeUndefined();
    expect(answer("not contains(name,'x')", facts)).toBeUndefined();
    expect(answer("contains(name,'x') and statecode eq 3", facts)).toBe(false);
    expect(answer("contains(name,'x') or statecode eq 0", facts)).toBe(true);
    expect(compileFilter("contains(name,'x') or message eq 'y' or dependencytoken eq 'z'").texts).toEqual([
      'name',
      'message',
    ]);
  });
});

describe('a filter that does not fit', () => {
  it.each([
    ['statecode', 1, 'This is not true or false'],
    ["statecode eq '3'", 14, 'A number without quotes is wanted here'],
    ['name eq 3', 9, "A text in quotes such as 'text' is wanted here"],
    ["createdon lt '2026-01-01'", 14, 'A date without quotes'],
    ['createdon lt 2026-02-30', 14, 'There is no such date'],
    ['createdon lt 2026-01-01T25:00:00Z', 14, 'There is no such date'],
    ["ownerid eq 'olga'", 12, 'A GUID such as'],
    ['isPlatformGenerated gt true', 1, 'needs values that have an order'],
    ['errorcode lt null', 1, 'needs values that have an order'],
    ['contains(name)', 1, 'takes two texts'],
    ["contains(depth,'1')", 16, 'A number without quotes'],
    ['contains(depth,1)', 10, 'takes texts'],
    ["tolower(name) eq 'x'", 1, "This function is not known here. Known: contains(column,'text')"],
    ["createdon sub 'P1D' lt now()", 1, 'A duration is added to now() only'],
    ['statecode in (1,true)', 17, 'A number without quotes'],
  ])('is refused and says where and what would be right: %s', (filter, character, why) => {
    expect(() => compileFilter(filter)).toThrow(`At character ${character}: `);
    expect(() => compileFilter(filter)).toThrow(why);
  });
});
