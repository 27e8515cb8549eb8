import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobPages } from '../../shared/aws/dynamo-job-pages.ts';
import { S3Exports } from '../../shared/aws/s3-exports.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { ExportLost, type Exports, MIN_PART_BYTES } from '../../shared/service/exports.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryExports } from '../support/memory/memory-exports.ts';
import { MemoryJobDetails } from '../support/memory/memory-job-details.ts';
import { jobPagesSuite } from './suites/job-pages.ts';

const textAt = async (url: string | undefined): Promise<string> => (await fetch(String(url))).text();

let names = 0;
/** What every store of exports must do. */
function exportsSuite(fresh: () => Exports): void {
  it('joins the parts of a text in their order, whatever the order in which they came, and finds it again', async () => {
    const exports = fresh();
    const exportId = `text-${++names}`;
    const [first, last] = ['ä'.repeat(MIN_PART_BYTES / 2), 'the rest'];
    const upload = { exportId, uploadId: await exports.begin(exportId, 'a.csv') };
    const lastTag = await exports.putPart(upload, 2, last);
    await exports.putPart(upload, 1, 'of an earlier try');
    const firstTag = await exports.putPart(upload, 1, first);
    expect(await exports.urlOf(exportId)).toBeUndefined();
    await exports.finish(upload, [firstTag, lastTag]);
    expect((await textAt(await exports.urlOf(exportId))) === first + last).toBe(true);
    expect(await exports.urlOf(`${exportId}-other`)).toBeUndefined();
  });

  it('says that an upload is lost where another request has put another text in the place of a part', async () => {
    const exports = fresh();
    const exportId = `text-${++names}`;
    const upload = { exportId, uploadId: await exports.begin(exportId, 'a.csv') };
    const tag = await exports.putPart(upload, 1, 'mine');
    await exports.putPart(upload, 1, 'of another');
    await expect(exports.finish(upload, [tag])).rejects.toThrow(ExportLost);
    expect(await exports.urlOf(exportId)).toBeUndefined();
  });

  it('keeps how far a text has come, which is no text yet', async () => {
    const exports = fresh();
    const exportId = `text-${++names}`;
    expect(await exports.progressOf(exportId)).toBeUndefined();
    await exports.keepProgress(exportId, 'first');
    await exports.keepProgress(exportId, 'zweitens ä');
    expect(await exports.progressOf(exportId)).toBe('zweitens ä');
    expect(await exports.urlOf(exportId)).toBeUndefined();
  });

  it('says that an upload is lost, so that it is begun anew', async () => {
    const exports = fresh();
    const upload = { exportId: `text-${++names}`, uploadId: 'never-begun' };
    await expect(exports.putPart(upload, 1, 'x')).rejects.toThrow(ExportLost);
    await expect(exports.finish(upload, ['"etag"'])).rejects.toThrow(ExportLost);
  });
}

describe('lists in memory', () => {
  jobPagesSuite(async () => {
    const details = new MemoryJobDetails();
    return { pages: details, details };
  });
});
describe('exports in memory', () => exportsSuite(() => new MemoryExports()));

describe('on the emulators', () => {
  let emulators: Emulators;
  let clock: () => number = Date.now;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());
  const s3Exports = () => new S3Exports(emulators.buckets, emulators.bucket, () => clock());

  describe('lists on DynamoDB', () => {
    jobPagesSuite(async () => {
      const { tables, buckets, bucket } = emulators;
      const { jobDetails } = await emulators.freshTables();
      const texts = s3Texts(buckets, bucket);
      return {
        pages: new DynamoJobPages(tables, jobDetails, texts),
        details: new DynamoJobDetails(tables, jobDetails, texts),
      };
    });
  });

  describe('exports in S3', () => {
    exportsSuite(s3Exports);

    it('are made anew when they are nearly as old as they may become', async () => {
      const exports = s3Exports();
      const upload = { exportId: 'old', uploadId: await exports.begin('old', 'a.csv') };
      await exports.finish(upload, [await exports.putPart(upload, 1, 'text')]);
      expect(await exports.urlOf('old')).toContain('/exports/old?');
      clock = () => Date.now() + 21 * 3_600_000;
      expect(await exports.urlOf('old')).toBeUndefined();
      clock = Date.now;
    });
  });
});
