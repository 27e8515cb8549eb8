import { describe, expect, it } from '@jest/globals';
import { explainJob } from '../../../../shared/service/explain/explain-job.ts';
import { at } from '../../../support/a-job.ts';
import { anExplainer, placed } from '../../../support/an-explainer.ts';
import { READER } from '../../../support/callers.ts';
import { HELD } from '../../../support/held-jobs.ts';

describe('who has asked for what holds a job', () => {
  const AUDIT = [
    { at: at(-1), by: 'nina', verb: 'rerun', claimNumber: 1 },
    { at: at(-2), by: 'paula', verb: 'pause', claimNumber: 1, reason: 'The disk is full.' },
    { at: at(-3), by: 'otto', verb: 'pause', claimNumber: 1 },
  ] as const;

  it('is read from the audit, with the reason, the latest that counts', async () => {
    const world = anExplainer();
    const job = placed(HELD['paused'], 1, world);
    for (const entry of AUDIT) world.audit.write(job, entry);
    const told = await explainJob(job.jobId, READER, world);
    expect(told.askedBy).toStrictEqual({ by: 'paula', at: at(-2), reason: 'The disk is full.' });
    expect(told.text).toContain(`by paula since ${at(-2)} (The disk is full.), until`);
  });

  it('is read once, of the job that is held first: the other one is told by its row', async () => {
    const world = anExplainer();
    const head = placed(HELD['paused'], 1, world, 'a');
    const job = placed(HELD['postponed'], 2, world, 'a');
    for (const entry of AUDIT) world.audit.write(head, entry);
    const told = await explainJob(job.jobId, READER, world);
    expect([told.askedBy?.by, told.head?.askedBy?.by, world.audit.read]).toEqual([
      'paula',
      'paula',
      [job.jobId],
    ]);
    const follower = placed(undefined, 3, world, 'a');
    const behind = await explainJob(follower.jobId, READER, world);
    expect([behind.askedBy, behind.head?.askedBy?.reason]).toEqual([undefined, 'The disk is full.']);
  });

  it('is not asked for where nobody has', async () => {
    const world = anExplainer();
    for (const name of ['Ready', 'running', 'to be tried again', 'left by a dead worker']) {
      await explainJob(placed(HELD[name], 1, world).jobId, READER, world);
    }
    expect(world.audit.read).toEqual([]);
  });

  it('is told by name where the access token had one', async () => {
    const world = anExplainer();
    const job = placed(HELD['paused'], 1, world);
    world.audit.write(job, { at: at(-2), by: 'p-1', byName: 'Paula', verb: 'pause', claimNumber: 1 });
    const { askedBy, text } = await explainJob(job.jobId, READER, world);
    expect(askedBy).toStrictEqual({ by: 'p-1', byName: 'Paula', at: at(-2) });
    expect(text).toContain(`is paused by Paula since ${at(-2)}, until`);
  });

  it.each([
    [9, 'otto'],
    [10, 'paula'],
  ])('is looked for under %d other steps, and then told by the row', async (others, by) => {
    const world = anExplainer();
    const job = placed(HELD['paused'], 1, world);
    world.audit.write(job, { at: at(-99), by: 'otto', verb: 'pause', claimNumber: 1 });
    for (let n = 1; n <= others; n++)
      world.audit.write(job, { at: at(-n), by: 'nina', verb: 'rerun', claimNumber: 1 });
    expect((await explainJob(job.jobId, READER, world)).askedBy?.by).toBe(by);
  });
});
