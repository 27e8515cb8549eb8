import { describe, expect, it } from '@jest/globals';
// oxlint-disable-next-line import/no-unassigned-import -- it works by being imported
import '../../support/one-realm.ts';
import { GRACE_MS } from '../../../shared/assets/overdue.ts';
import type { Blobs } from '../../../shared/assets/ports.ts';
import type { Job } from '../../../shared/job/job.ts';
import { isCompleted, Status } from '../../../shared/job/status.ts';
import type { AssetRepositories } from '../../../shared/operations/asset-processing.ts';
import { processAssets } from '../../../shared/operations/process-assets.ts';
import { processOverdue } from '../../../shared/operations/process-overdue.ts';
import { PLATFORM_USER } from '../../../shared/service/create-platform-job.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { cancelJob, deleteJob, pauseJob, postponeJob } from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { upwards } from '../../support/a-log.ts';
import { aWorldWith, put, runOnce, theJob, type World, withOperation } from '../../support/a-world.ts';
import { anAnnouncement, dam, plant } from '../../support/assets.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';
import { MemoryBlobs } from '../../support/memory/memory-blobs.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const inspectorScript = new URL('../../support/inspector-script.ts', import.meta.url);
const JOB = aJob({
  operation: processOverdue.name,
  input: '{}',
  isPlatformGenerated: true,
  ownerId: PLATFORM_USER,
  createdBy: PLATFORM_USER,
});

/** Files that were announced at noon, and now they are overdue; one without content never came. */
async function aHouse(files: Readonly<Record<string, string | undefined>>) {
  const repositories = { assets: new MemoryAssetStore(), blobs: new MemoryBlobs(), inspectorScript };
  for (const asset of await plant(repositories.assets, ...Object.keys(files))) {
    const content = files[asset.path.slice(dam('').length)];
    if (content !== undefined) repositories.blobs.put(asset, content);
  }
  const world = aWorldWith<AssetRepositories>(repositories, processOverdue);
  world.clock.set(NOON + GRACE_MS);
  const statusOf = async (path: string) => {
    const entry = (await repositories.assets.get(dam(path)))?.entry;
    return entry?.kind === 'asset' ? entry.status : undefined;
  };
  return { world, ...repositories, statusOf };
}

async function ended(world: World<AssetRepositories>, job: Job = JOB) {
  let row = await runOnce(job, world);
  let slices = 1;
  for (; !isCompleted(row.statusCode); slices++) {
    if (slices > 50) throw new Error('The job never comes to an end.');
    row = await runOnce(row, world);
  }
  return { row, slices, result: await resultOf(row, world.details) };
}

/** The same house, where something happens before each file is opened. */
const atEach = (
  world: World<AssetRepositories>,
  before: () => void | Promise<unknown>,
): World<AssetRepositories> => {
  const { blobs } = world.repositories;
  const watched: Blobs = {
    ticketFor: (asset, file) => blobs.ticketFor(asset, file),
    async open(assetId) {
      await before();
      return blobs.open(assetId);
    },
  };
  return { ...world, repositories: { ...world.repositories, blobs: watched } };
};

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`many/${n}.txt`, `file ${n}`]));

describe('processing what is overdue', () => {
  it('comes for each file to what "process-assets" would say, in whatever folder', async () => {
    const { world, statusOf } = await aHouse({
      'a/1.txt': 'one → 2.txt',
      'a/b/3.txt': 'broken three',
      'z.txt': undefined,
    });
    const { row, result } = await ended(world);
    expect(row).toMatchObject({ statusCode: Status.Succeeded, progressDone: 3, progressTotal: 3 });
    expect(result).toMatchObject({
      files: 3,
      processed: 1,
      failed: 1,
      missing: 1,
      missingFiles: [dam('z.txt')],
      brokenReferences: [{ path: dam('a/1.txt'), target: '2.txt' }],
    });
    expect(await Promise.all(['a/1.txt', 'a/b/3.txt', 'z.txt'].map(statusOf))).toEqual([
      'processed',
      'failed',
      'missing',
    ]);
    const lines = await upwards(row, world.logs);
    expect(
      lines.flatMap(({ level, item }) => (level === 'info' ? [] : [`${level} ${item}`])).toSorted(),
    ).toEqual([`error ${dam('a/b/3.txt')}`, `warn ${dam('z.txt')}`]);
  });

  it('leaves alone what was announced too lately, also while it runs, and what somebody else has processed', async () => {
    const { world, assets, blobs, statusOf } = await aHouse({ 'old.txt': 'old', 'done.txt': 'done' });
    const [done] = [...(await assets.entriesAt([dam('done.txt')])).values()];
    if (done?.kind !== 'asset') throw new Error('Nothing was planted.');
    await assets.record(done, { status: 'processed', processedBy: 'another', processedOn: at() });
    blobs.put(await assets.announce(anAnnouncement({ path: dam('new.txt'), at: at(1) })), 'new');
    const { result } = await ended(world);
    expect(result).toMatchObject({ files: 1, processed: 1 });
    expect([await statusOf('old.txt'), await statusOf('new.txt')]).toEqual(['processed', 'uploading']);
  });

  it('leaves alone what is announced anew while it is being read', async () => {
    const { world, assets, statusOf } = await aHouse({ 'a.txt': 'first' });
    const anew = () => assets.announce(anAnnouncement({ path: dam('a.txt'), at: at(9) }));
    const { result } = await ended(atEach(world, anew));
    expect([result, await statusOf('a.txt')]).toMatchObject([{ files: 1, superseded: 1 }, 'uploading']);
  });

  it('does no harm beside "process-assets" over the same files at the same time', async () => {
    const { world, assets } = await aHouse(many(30));
    const order = aJob({ jobId: 'order', operation: 'process-assets', input: `{"folder":"${dam('many')}"}` });
    const both = withOperation(world, processAssets);
    const rows = await Promise.all([runOnce(JOB, both), runOnce(order, both)]);
    expect(rows.map(({ statusCode }) => statusCode)).toEqual([Status.Succeeded, Status.Succeeded]);
    const entries = await assets.list(dam('many'), { limit: 99 });
    expect(entries.filter((entry) => entry.kind === 'asset' && entry.status === 'processed')).toHaveLength(
      30,
    );
    expect(await resultOf(await theJob('order', world), world.details)).toMatchObject({ processed: 30 });
  });

  it('gives way after some seconds, at a checkpoint, and goes on when it is rung for again', async () => {
    const { world } = await aHouse(many(100));
    const slowly = atEach(world, () => world.clock.advance(500));
    const first = await runOnce(JOB, slowly);
    expect(first).toMatchObject({ statusCode: Status.InProgress, progressDone: 16, progressTotal: 100 });
    expect(first).not.toHaveProperty('leaseEndsAt');
    expect(world.doorbell.take()).toEqual([{ jobId: JOB.jobId, lane: 'bulk' }]);
    const { row, slices, result } = await ended(slowly, first);
    expect([row.statusCode, slices, result]).toMatchObject([
      Status.Succeeded,
      6,
      { files: 100, processed: 100 },
    ]);
  });

  it('counts each file once though one of them fails unexpectedly, and tries that one again', async () => {
    const { world } = await aHouse(many(40));
    let fails = 1;
    const broken = atEach(world, () => {
      if (fails-- > 0) throw new Error('S3 does not answer.');
    });
    const first = await runOnce(JOB, broken);
    expect(first).toMatchObject({ statusCode: Status.Waiting, isRetrying: true, progressDone: 15 });
    world.clock.advance(3_600_000);
    const { row, result } = await ended(broken, first);
    expect([row.statusCode, result]).toMatchObject([Status.Succeeded, { files: 40, processed: 40 }]);
  });

  it('of more files than one look at the index shows goes through all of them', async () => {
    const { world } = await aHouse(many(1_050));
    const { row, result } = await ended(world);
    expect(row).toMatchObject({ progressDone: 1_050, progressTotal: 1_050 });
    expect(result).toMatchObject({ files: 1_050, processed: 1_050 });
  });

  it('of nothing succeeds', async () => {
    const { world } = await aHouse({});
    expect((await ended(world)).row).toMatchObject({ friendlyMessage: '0 of 0 files are processed.' });
  });
});

describe('a job over overdue assets', () => {
  it.each([Status.WaitingForResources, Status.Waiting])(
    'that waits (%d) is canceled by an admin',
    async (statusCode) => {
      const { world } = await aHouse({});
      const job = put({ ...JOB, statusCode }, world);
      await cancelJob(job.jobId, ADMIN, world);
      expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.Canceled });
    },
  );

  it('that runs stops when an admin cancels it; what is done stays done', async () => {
    const { world } = await aHouse(many(40));
    let opened = 0;
    const canceled = atEach(world, async () => {
      if (++opened === 20) await cancelJob(JOB.jobId, ADMIN, world);
      world.clock.advance(100);
    });
    const row = await runOnce(JOB, canceled);
    expect(row).toMatchObject({ statusCode: Status.Canceled, modifiedBy: ADMIN.id });
    expect(opened).toBeLessThanOrEqual(32);
  });

  it('is canceled by nobody else', async () => {
    const { world } = await aHouse({});
    const { jobId } = put(JOB, world);
    await expect(cancelJob(jobId, OPERATOR, world)).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it('takes no other verb, not even from an admin', async () => {
    const { world } = await aHouse({});
    const { jobId } = put(JOB, world);
    const verbs = [
      () => pauseJob(jobId, ADMIN, world),
      () => postponeJob(jobId, { until: at(9_000_000) }, ADMIN, world),
      () => deleteJob(jobId, ADMIN, world, { force: true }),
    ];
    for (const verb of verbs)
      await expect(verb()).rejects.toMatchObject({ code: 'VerbRefused', openVerbs: ['cancel'] });
    expect(await theJob(jobId, world)).toMatchObject({ statusCode: Status.WaitingForResources });
  });
});
