import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../shared/service/caller.ts';
import { getJob } from '../../../shared/service/get-job.ts';
import { aJob } from '../../support/a-job.ts';
import { anOperation, aWorld, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { begin } from '../../support/series-world.ts';

const ID = 'abcdef00-0000-7000-8000-000000000001';
const OF_OLGA = aJob({ jobId: ID, input: '{"to":3}', hasResult: true, createdBy: 'olga', ownerId: 'olga' });

async function worldWith(job = OF_OLGA): Promise<World> {
  const world = aWorld();
  world.jobs.put(job);
  await world.details.putResult(job, { counted: 3 });
  return world;
}

describe('a job that is looked at', () => {
  it('comes with its input and result', async () => {
    expect(await getJob(ID, OPERATOR, await worldWith())).toEqual({
      job: OF_OLGA,
      input: { to: 3 },
      result: { counted: 3 },
    });
  });

  it('comes with a result that lies on its row', async () => {
    const { hasResult: _none, ...job } = OF_OLGA;
    expect(await getJob(ID, OPERATOR, await worldWith({ ...job, result: '{"counted":5}' }))).toMatchObject({
      result: { counted: 5 },
    });
  });

  it('comes with an input that lies beside its row', async () => {
    const { input: _none, ...job } = OF_OLGA;
    const world = await worldWith(job);
    await world.details.putInput(job, { to: 'x'.repeat(999) });
    expect((await getJob(ID, OPERATOR, world)).input).toEqual({ to: 'x'.repeat(999) });
  });

  it('comes without a result that it does not say it has', async () => {
    const { hasResult: _none, ...job } = OF_OLGA;
    expect(await getJob(ID, OPERATOR, await worldWith(job))).not.toHaveProperty('result');
  });

  it('comes with the whole of its long texts', async () => {
    const world = await worldWith({ ...OF_OLGA, description: 'Begin…', longTexts: ['description'] });
    await world.details.putText(OF_OLGA, 'description', 'Beginning and end');
    expect((await getJob(ID, READER, world)).job.description).toBe('Beginning and end');
  });

  it('comes without an input that was uploaded: that may be far larger than an answer', async () => {
    const { input: _none, ...row } = OF_OLGA;
    const job = { ...row, inputBlobId: idOf(7) };
    const world = await worldWith(job);
    await world.details.putInput(job, 'not this one');
    expect(await getJob(ID, OPERATOR, world)).not.toHaveProperty('input');
  });

  it('comes with the series whose occurrence it is, as long as that is there', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    const row = { ...job, jobId: ID };
    world.jobs.put(row);
    expect((await getJob(ID, READER, world)).series?.seriesId).toBe(seriesId);
    const none = await worldWith(row);
    expect((await getJob(ID, OPERATOR, none)).series).toBeUndefined();
  });

  it('is found however its id is written', async () => {
    expect((await getJob(ID.toUpperCase(), OPERATOR, await worldWith())).job.jobId).toBe(ID);
  });

  it.each<[string, Caller, boolean]>([
    ['a reader who has nothing to do with it', READER, false],
    ['a reader who owns it', { ...READER, id: 'otto' }, true],
    ['a reader who created it', { ...READER, id: 'carl' }, true],
    ['any operator', { ...OPERATOR, id: 'other' }, true],
    ['any admin', ADMIN, true],
  ])('shows its payloads to %s: %s', async (_who, caller, shows) => {
    const world = await worldWith({ ...OF_OLGA, ownerId: 'otto', createdBy: 'carl' });
    const seen = await getJob(ID, caller, world);
    expect(['input' in seen, 'result' in seen, seen.job.jobId]).toEqual([shows, shows, ID]);
  });
});

describe('a look at a job that is not there', () => {
  it('is answered with "not found"', async () => {
    await expect(getJob(idOf(77), ADMIN, await worldWith())).rejects.toMatchObject({
      code: 'NotFound',
      message: `There is no job "${idOf(77)}".`,
    });
  });

  it.each(['', 'x', '../jobs', `${ID}0`, 'days'])('by the id "%s" is no look at all', async (id) => {
    await expect(getJob(id, ADMIN, await worldWith())).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/jobId', detail: 'A job id is a UUID.' }],
    });
  });
});
