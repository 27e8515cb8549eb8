import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
// oxlint-disable-next-line import/no-unassigned-import -- it works by being imported
import '../../support/one-realm.ts';
import type { Job } from '../../../shared/job/job.ts';
import { isCompleted } from '../../../shared/job/status.ts';
import { systemAlarm } from '../../../shared/lambda/alarm.ts';
import type { AssetRepositories } from '../../../shared/operations/asset-processing.ts';
import { processAssets } from '../../../shared/operations/process-assets.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { aJob } from '../../support/a-job.ts';
import { upwards } from '../../support/a-log.ts';
import { aWorldWith, runOnce, type World } from '../../support/a-world.ts';
import { dam, plant } from '../../support/assets.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';
import { MemoryBlobs } from '../../support/memory/memory-blobs.ts';

interface Repositories extends AssetRepositories {
  readonly assets: MemoryAssetStore;
  readonly blobs: MemoryBlobs;
}
const inspectorScript = new URL('../../support/inspector-script.ts', import.meta.url);

const aRepository = (): Repositories => ({
  assets: new MemoryAssetStore(),
  blobs: new MemoryBlobs(),
  inspectorScript,
});

/** Files by path; a file without content was announced and never came. */
async function filled(files: Readonly<Record<string, string | undefined>>): Promise<Repositories> {
  const repositories = aRepository();
  for (const asset of await plant(repositories.assets, ...Object.keys(files))) {
    const content = files[asset.path.slice(dam('').length)];
    if (content !== undefined) repositories.blobs.put(asset, content);
  }
  return repositories;
}

const jobOver = (input: { folder: string; excludedFolders?: string[] }): Job =>
  aJob({ operation: 'process-assets', input: JSON.stringify(input) });

/** Runs it to its end in slices of so many looks at the clock, which goes on a minute at each. */
async function processed(repositories: Repositories, job: Job, looksPerSlice = 10_000) {
  const world = aWorldWith<AssetRepositories>(repositories, processAssets);
  const ticking: World<AssetRepositories> = {
    ...world,
    clock: Object.assign(() => tick(world), world.clock),
    // The end of a slice is seen at a look at the clock.
    alarm: () => () => {},
  };
  let slices = 0;
  for (let row = job; !isCompleted(row.statusCode); slices++) {
    if (slices > 300) throw new Error('The job never comes to an end.');
    const slicesEndAt = world.clock() + looksPerSlice * MS_PER_LOOK;
    row = await runOnce(row, ticking, { slicesEndAt, leaseEndsAt: world.clock() + LONG_MS });
  }
  const row = await world.jobs.get(job.jobId);
  const said = await world.details.getText(job, 'friendlyMessage');
  const lines = await upwards(job, world.logs);
  const result = row === undefined ? undefined : await resultOf(row, world.details);
  return { slices, row, said, lines, result };
}

const MS_PER_LOOK = 60_000;
const LONG_MS = 1_000 * 24 * 3_600_000;
const tick = ({ clock }: Pick<World, 'clock'>): number => {
  clock.advance(MS_PER_LOOK);
  return clock();
};

describe('processing a folder', () => {
  let repositories: Repositories;
  beforeEach(async () => {
    repositories = await filled({
      'a/1.txt': 'one → 2.txt → gone.txt',
      'a/2.txt': 'two',
      'a/b/3.txt': 'broken three',
      'a/b/4.txt': undefined,
      'a/c/5.txt': 'five',
      'z.txt': 'outside',
    });
  });

  it('works out the facts of each file in it and tells what it found', async () => {
    const { row, result, said } = await processed(repositories, jobOver({ folder: dam('a') }));
    expect(row).toMatchObject({
      statusCode: 30,
      progressDone: 5,
      progressTotal: 5,
    });
    expect(said).toBe('3 of 5 files are processed, 1 failed, 1 never arrived, 1 references lead to nothing.');
    expect(result).toEqual({
      folder: dam('a'),
      excludedFolders: [],
      files: 5,
      bytes: 45,
      processed: 3,
      failed: 1,
      missing: 1,
      superseded: 0,
      byKind: { text: { files: 4, bytes: 45 } },
      references: { internal: 1, broken: 1, external: 0, sameFile: 0, keys: 0, conrefs: 0 },
      failures: [{ path: dam('a/b/3.txt'), code: 'not-well-formed', reason: 'broken three' }],
      missingFiles: [dam('a/b/4.txt')],
      brokenReferences: [{ path: dam('a/1.txt'), target: 'gone.txt' }],
    });
  });

  it('logs each folder that it begins, and each file with which something is wrong', async () => {
    const { lines } = await processed(repositories, jobOver({ folder: dam('a') }));
    expect(lines.map(({ level, text, item }) => [level, text, item])).toEqual([
      ['info', 'A worker took the job (claim 1, try 1).', undefined],
      ['info', 'Counted 5 files.', dam('a')],
      ['info', 'Began a folder.', dam('a')],
      ['info', 'Began a folder.', dam('a/b')],
      ['error', 'Failed: broken three', dam('a/b/3.txt')],
      ['warn', 'The announced file never arrived.', dam('a/b/4.txt')],
      ['info', 'Began a folder.', dam('a/c')],
      ['info', expect.stringContaining('3 of 5 files are processed'), dam('a')],
      ['info', 'The work is done.', undefined],
    ]);
  });

  it('writes the facts on the assets, and leaves those beside it alone', async () => {
    const job = jobOver({ folder: dam('a') });
    await processed(repositories, job);
    const there = await repositories.assets.entriesAt(
      ['a/1.txt', 'a/b/3.txt', 'a/b/4.txt', 'z.txt'].map(dam),
    );
    expect([...there.values()]).toMatchObject([
      { status: 'processed', processedBy: job.jobId, summary: { title: 'one → 2.txt → gone.txt' } },
      { status: 'failed', failure: { code: 'not-well-formed' } },
      { status: 'missing' },
      { status: 'uploading' },
    ]);
  });

  it('leaves excluded folders out', async () => {
    const job = jobOver({ folder: dam('a'), excludedFolders: [dam('a/b')] });
    const { result } = await processed(repositories, job);
    expect(result).toMatchObject({ files: 3, excludedFolders: [dam('a/b')] });
  });

  it('goes on with files that came after they were counted, and its progress ends where they end', async () => {
    const world = aWorldWith<AssetRepositories>(repositories, processAssets);
    const job = jobOver({ folder: dam('a') });
    const first = await runOnce(job, world, { sliceMs: 0 });
    expect(first).toMatchObject({ progressDone: 0, progressTotal: 5 });
    await plant(repositories.assets, 'a/6.txt', 'a/7.txt');
    const last = await runOnce(job, world);
    expect(last).toMatchObject({ statusCode: 30, progressDone: 7, progressTotal: 7 });
  });

  it('of nothing succeeds', async () => {
    const { row, result } = await processed(repositories, jobOver({ folder: dam('none') }));
    expect(row?.friendlyMessage).toBe('0 of 0 files are processed.');
    expect(result).toMatchObject({ files: 0 });
  });

  it('stops in the middle of a file when the time is up, and goes on from the file before', async () => {
    const [stuck] = await plant(repositories.assets, 'a/1a.txt');
    if (stuck === undefined) throw new Error('Nothing was planted.');
    repositories.blobs.put(stuck, 'stuck');
    // A file that is stuck in another thread takes real time.
    const world = { ...aWorldWith<AssetRepositories>(repositories, processAssets), alarm: systemAlarm };
    const job = jobOver({ folder: dam('a') });
    const first = await runOnce(job, world, { sliceMs: 500 });
    expect(first).toMatchObject({ statusCode: 20, progressDone: 1, progressTotal: 6 });
    repositories.blobs.put(stuck, 'no longer');
    const second = await runOnce(job, world);
    expect(second).toMatchObject({ statusCode: 30, progressDone: 6 });
  });
});

describe('processing that is interrupted', () => {
  const FILES = fc.dictionary(
    fc.stringMatching(/^[ab]{1,2}\/[cd]{1,2}\/[ef]{1,2}$/),
    fc.constantFrom('text', 'broken', 'x → e → nowhere', undefined),
    { minKeys: 1, maxKeys: 12 },
  );

  it('comes to the same result as without interruption, wherever it was interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(FILES, fc.integer({ min: 12, max: 40 }), async (files, looksPerSlice) => {
        const whole = await processed(await filled(files), jobOver({ folder: dam('a') }));
        const cut = await processed(await filled(files), jobOver({ folder: dam('a') }), looksPerSlice);
        expect(cut.result).toEqual(whole.result);
        expect(cut.slices).toBeGreaterThanOrEqual(whole.slices);
        expect(cut.row?.progressDone).toBe(whole.row?.progressDone);
      }),
      { numRuns: 15 },
    );
  });
});

const check = (input: unknown) => processAssets.input.safeParse(input);

describe('the input of processing', () => {
  it.each([
    [{ folder: dam('a') }, { folder: dam('a'), excludedFolders: [] }],
    [
      { folder: `${dam('a')}/`, excludedFolders: [`${dam('a/b')}/`] },
      { folder: dam('a'), excludedFolders: [dam('a/b')] },
    ],
  ])('%o is read as %o', (input, read) => {
    expect(check(input).data).toEqual(read);
  });

  it.each([
    ['no folder', {}],
    ['a folder outside', { folder: '/etc' }],
    ['a field that nobody knows', { folder: dam('a'), deep: true }],
    ['an excluded folder outside', { folder: dam('a'), excludedFolders: [dam('ab')] }],
    ['itself as excluded', { folder: dam('a'), excludedFolders: [dam('a')] }],
    [
      'too many excluded folders',
      { folder: dam('a'), excludedFolders: Array.from({ length: 1_001 }, () => dam('a/b')) },
    ],
  ])('with %s is refused', (_what, input) => {
    expect(check(input).success).toBe(false);
  });
});
