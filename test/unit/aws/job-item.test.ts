import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { dayOf, itemOf, jobOf, timelineShard } from '../../../shared/aws/job-item.ts';
import { TEXT_COLUMNS } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

const SHARDING = { shards: 8 };

const shardOf = (jobId: string) => itemOf(aJob({ jobId }), SHARDING)['openShard'];

describe('the item of a job', () => {
  it.each([
    ['an open one', aJob()],
    ['one of another owner', aJob({ ownerId: 'adam' })],
    [
      'one that another has changed',
      aRunningJob({ modifiedBy: 'adam', longTexts: ['name'], hasResult: true }),
    ],
    ['one with every text cut', aJob({ longTexts: TEXT_COLUMNS })],
    ['one whose texts are whole again', aJob({ longTexts: [] })],
    ['one that is over', aRunningJob({ statusCode: 30, completedOn: at(), message: '', errorCode: 0 })],
  ])('gives the same job back: %s', (_what, job) => {
    expect(jobOf(itemOf(job, SHARDING))).toEqual(job);
  });

  it('does not name its users again where they are the creator', () => {
    const item = itemOf(aJob({ createdBy: 'olga', ownerId: 'olga', modifiedBy: 'adam' }), SHARDING);
    expect([item['createdBy'], item['ownerId'], item['modifiedBy']]).toEqual(['olga', undefined, 'adam']);
  });

  it('is in the index of open jobs exactly as long as it is watched', () => {
    const { watchAt: _none, ...over } = aJob();
    expect(itemOf(aJob(), SHARDING)['openShard']).toMatch(/^open#[0-7]$/);
    expect(itemOf(over, SHARDING)).not.toHaveProperty('openShard');
  });

  it('is on the timeline under the day of its creation, in UTC', () => {
    const sequence = sequenceAt(Date.parse('2026-11-22T23:59:59.999Z')) + 2_047;
    expect(itemOf(aJob({ sequence }), { shards: 1 })['timelineShard']).toBe('2026-11-22#0');
    expect(dayOf(sequence + 1)).toBe('2026-11-23');
    expect(timelineShard('2026-11-22', 3)).toBe('2026-11-22#3');
  });

  it('spreads over all shards, and always lies in the same one', () => {
    const shards = new Set(Array.from({ length: 500 }, (_, n) => shardOf(`job-${n}`)));
    expect(shards.size).toBe(8);
    fc.assert(fc.property(fc.string(), (jobId) => shardOf(jobId) === shardOf(jobId)));
  });
});

describe('an item that is no job', () => {
  it.each([
    ['without a status', { statusCode: undefined }],
    ['with a status that nobody knows', { statusCode: 4 }],
    ['with a sequence in words', { sequence: '7' }],
  ])('%s is a bug and says so', (_what, facts) => {
    expect(() => jobOf({ ...itemOf(aJob(), SHARDING), ...facts })).toThrow(/statusCode|sequence/);
  });
});
