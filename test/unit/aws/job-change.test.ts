import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { jobChangeOf } from '../../../shared/aws/job-change.ts';
import { itemOf } from '../../../shared/aws/job-item.ts';
import { Status } from '../../../shared/job/status.ts';
import { aJob } from '../../support/a-job.ts';

const job = aJob();
const image = (facts: Parameters<typeof aJob>[0] = {}) =>
  marshall(itemOf({ ...job, ...facts }, { shards: 2 }), { removeUndefinedValues: true });

describe('a record of the stream', () => {
  it('says how the job is and what it was', () => {
    const dynamodb = { OldImage: image(), NewImage: image({ statusCode: Status.InProgress }) };
    expect(jobChangeOf({ eventID: '1', eventName: 'MODIFY', dynamodb })).toEqual({
      changeId: '1',
      before: Status.WaitingForResources,
      job: { ...job, statusCode: Status.InProgress },
    });
  });

  it('of a new job has nothing before, and of one that went away says nothing', () => {
    expect(jobChangeOf({ eventID: '1', dynamodb: { NewImage: image() } })).toEqual({ changeId: '1', job });
    expect(jobChangeOf({ eventID: '2', dynamodb: { OldImage: image() } })).toBeUndefined();
  });

  it('that is no row of a job is an error', () => {
    const dynamodb = { NewImage: marshall({ jobId: 'x' }) };
    expect(() => jobChangeOf({ eventID: '1', dynamodb })).toThrow();
  });
});
