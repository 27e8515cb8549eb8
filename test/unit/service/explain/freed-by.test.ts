import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import { explainJob } from '../../../../shared/service/explain/explain-job.ts';
import { clears } from '../../../../shared/service/explain/freed-by.ts';
import { aJob } from '../../../support/a-job.ts';
import { put } from '../../../support/a-world.ts';
import { anExplainer } from '../../../support/an-explainer.ts';
import { ADMIN, OPERATOR, READER } from '../../../support/callers.ts';

const IS_TO_COME = { isToCome: true, relatedTo: 'series:s1' } as const;

describe('the verbs that free a job', () => {
  it('are named with who may ask for them, and whether that is the caller', async () => {
    const world = anExplainer();
    const job = put(aJob({ statusCode: Status.Waiting, ownerId: 'otto', createdBy: 'carl' }), world);
    const freedBy = async (caller: typeof ADMIN) => (await explainJob(job.jobId, caller, world)).freedBy;
    expect(await freedBy(READER)).toEqual([
      {
        verb: 'resume',
        jobId: job.jobId,
        who: 'its owner or creator as an operator, or an admin',
        owners: ['otto', 'carl'],
        mayYou: false,
      },
    ]);
    const asked = [ADMIN, OPERATOR, { ...OPERATOR, id: 'carl' }, { ...READER, id: 'otto' }].map(freedBy);
    expect((await Promise.all(asked)).map(([way]) => way?.mayYou)).toEqual([true, false, true, false]);
  });

  it.each<[string, Partial<Job>, readonly object[]]>([
    ['its series alone where it is to come and nothing is open to itself', IS_TO_COME, [{ seriesId: 's1' }]],
    ['nothing where it has come', { relatedTo: 'series:s1' }, []],
    ['nothing where it is of no series', { isToCome: true }, []],
  ])('are, of a job of the service itself, %s', (_what, facts, ways) => {
    const job = aJob({ statusCode: Status.Waiting, isPlatformGenerated: true, ...facts });
    const found = clears(job, 'paused', ADMIN);
    expect(found).toEqual(ways.map((way) => expect.objectContaining({ verb: 'resume', ...way })));
  });
});
