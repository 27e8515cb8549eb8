import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../../shared/job/status.ts';
import { explainJob } from '../../../../shared/service/explain/explain-job.ts';
import { surroundingsOf } from '../../../../shared/service/explain/surroundings.ts';
import { aJob } from '../../../support/a-job.ts';
import { anOperation, aWorld, put } from '../../../support/a-world.ts';
import { READER } from '../../../support/callers.ts';
import { idOf } from '../../../support/memory/counting-ids.ts';
import { MemoryLaneLoad } from '../../../support/memory/memory-lane-load.ts';

/** A line of three, and a look at it that counts its reads. */
function aLine() {
  const world = aWorld(anOperation());
  const [head, second, third] = [1, 2, 3].map((sequence) =>
    put(aJob({ sequence, dependencyToken: 'a' }), world),
  );
  if (head === undefined || second === undefined || third === undefined) throw new Error('No line.');
  const reads: string[] = [];
  const jobs = {
    get: (jobId: string) => {
      reads.push('get');
      return world.jobs.get(jobId);
    },
  };
  const chains = {
    line: (...args: Parameters<typeof world.chains.line>) => {
      reads.push('line');
      return world.chains.line(...args);
    },
  };
  return { world, head, second, third, reads, jobs, chains };
}
const over = { statusCode: Status.Succeeded, completedOn: '2026-11-22T12:00:00.000Z' };

describe('a look around', () => {
  it('takes three reads, and one less at the head', async () => {
    const { head, third, reads, ...stores } = aLine();
    await surroundingsOf(third.jobId, stores);
    expect(reads.splice(0)).toEqual(['get', 'line', 'get']);
    await surroundingsOf(head.jobId, stores);
    expect(reads.splice(0)).toEqual(['get', 'line']);
  });

  it('takes one read where there is no line, or the job is over', async () => {
    const { world, reads, ...stores } = aLine();
    await surroundingsOf(put(aJob(), world).jobId, stores);
    await surroundingsOf(put(aJob({ ...over, dependencyToken: 'a' }), world).jobId, stores);
    expect(reads).toEqual(['get', 'get']);
  });

  it('sees that the job has ended while it looked', async () => {
    const { world, head, jobs } = aLine();
    const ended = { ...head, ...over };
    const chains = {
      line: async () => {
        world.jobs.put(ended);
        return [];
      },
    };
    expect(await surroundingsOf(head.jobId, { jobs, chains })).toEqual({ job: ended });
  });

  it('sees that the job has left a line of a thousand others while it looked', async () => {
    const { world, third, jobs } = aLine();
    const other = { jobId: 'other', token: 'a', sequence: 1, lane: 'bulk' } as const;
    const ended = { ...third, ...over };
    const chains = {
      line: async () => {
        world.jobs.put(ended);
        return Array.from({ length: 1_000 }, () => other);
      },
    };
    expect(await surroundingsOf(third.jobId, { jobs, chains })).toEqual({ job: ended });
  });

  it('says that the job is not there where it was deleted while it looked', async () => {
    const { world, head, jobs } = aLine();
    const chains = {
      line: async () => {
        world.jobs.forget(head.jobId);
        return [];
      },
    };
    await expect(surroundingsOf(head.jobId, { jobs, chains })).rejects.toThrow(
      `There is no job "${head.jobId}".`,
    );
  });

  it.each([
    ['has gone', undefined],
    ['is another job that was given its id', { sequence: 99 }],
    ['is another job that stands elsewhere', { dependencyToken: 'b' }],
  ])('names the place alone where the head %s', async (_how, facts) => {
    const { world, head, second, jobs, chains } = aLine();
    if (facts === undefined) world.jobs.forget(head.jobId);
    else world.jobs.put({ ...head, ...facts });
    const seen = await surroundingsOf(second.jobId, { jobs, chains });
    expect([seen.ahead, seen.head?.link.jobId, seen.head?.job]).toEqual([
      { count: 1 },
      head.jobId,
      undefined,
    ]);
    const told = await explainJob(second.jobId, READER, { ...world, laneLoad: new MemoryLaneLoad() });
    expect([told.because, told.freedBy, told.text]).toEqual([
      'waitsForTurn',
      [],
      expect.stringContaining(`That one, ${head.jobId}, has just gone, or has left its place behind`),
    ]);
  });

  it('finds a job however its id is written, and no job by what is no id', async () => {
    const { world, jobs, chains } = aLine();
    const job = put(aJob({ jobId: 'abcdef00-0000-7000-8000-000000000001' }), world);
    expect(await surroundingsOf(job.jobId.toUpperCase(), { jobs, chains })).toEqual({ job });
    await expect(surroundingsOf(idOf(7_777), { jobs, chains })).rejects.toMatchObject({ code: 'NotFound' });
    await expect(surroundingsOf('../days', { jobs, chains })).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/jobId', detail: 'A job id is a UUID.' }],
    });
  });
});
