import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import { fixtureAssembly } from '../../support/fixture/assembly.ts';
import { notedBy, putIntoSource, startEventsFixture } from '../../support/fixture/events-fixture.ts';
import { laterTemplate } from '../../support/fixture/events-template.ts';
import { type Fixture, startFixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startEventsFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const record = z.looseObject({
  dynamodb: z.looseObject({ Keys: z.object({ id: z.object({ S: z.string() }) }) }),
});
const streamEvent = z.looseObject({
  Records: z.array(record),
  window: z.object({ start: z.string(), end: z.string() }).optional(),
  state: z.unknown().optional(),
  isFinalInvokeForWindow: z.boolean().optional(),
});

const batches = async (functionName: string) =>
  (await notedBy(fixture, functionName, streamEvent)).map(({ Records, ...event }) => ({
    ...event,
    Records,
    ids: Records.map(({ dynamodb }) => dynamodb.Keys.id.S),
  }));

const idsSeen = async (functionName: string) => (await batches(functionName)).flatMap(({ ids }) => ids);

describe('a stream in front of a function (Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB")', () => {
  it('hands over records in the shape of AWS', async () => {
    await putIntoSource(fixture, 'shape');
    const [first] = await eventually(async () => {
      expect(await idsSeen('note-records')).toContain('shape');
      return batches('note-records');
    });
    expect(first?.Records[0]).toMatchObject({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/source\/stream\//,
      ),
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { id: { S: 'shape' } },
        NewImage: { id: { S: 'shape' }, bytes: { B: Buffer.from('shape').toString('base64') } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
  });

  it('keeps the order of a shard, one batch at a time', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `order-${String(index).padStart(2, '0')}`);
    await putIntoSource(fixture, ...ids);
    const seen = await eventually(async () => {
      const all = (await idsSeen('note-records')).filter((id) => id.startsWith('order'));
      expect(all).toHaveLength(25);
      return all;
    });
    expect(seen).toEqual(ids);
    for (const { ids: batch } of await batches('note-records')) expect(batch.length).toBeLessThanOrEqual(10);
  });

  it('says nothing of a write that changes nothing (DynamoDB Developer Guide, "Change data capture for DynamoDB Streams")', async () => {
    await putIntoSource(fixture, 'same', 'same', 'after the same');
    await eventually(async () => expect(await idsSeen('note-records')).toContain('after the same'));
    expect((await idsSeen('note-records')).filter((id) => id === 'same')).toEqual(['same']);
  });

  it('hands the state of a window on, and ends the window with the state alone', async () => {
    await eventually(async () => {
      const all = await batches('note-windows');
      const [last] = all.filter(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow);
      expect(last).toMatchObject({ Records: [], state: { count: expect.any(Number) } });
      const within = all.filter(({ window, ids }) => ids.length > 0 && window?.start === last?.window?.start);
      expect(last?.state).toEqual({ count: within.flatMap(({ ids }) => ids).length });
      expect(within[0]?.state).toEqual({});
      const lengthMs = Date.parse(last?.window?.end ?? '') - Date.parse(last?.window?.start ?? '');
      expect(lengthMs).toBe(2000);
    });
  });

  it('isolates a poisoned record by bisecting, gives it up, and goes on', async () => {
    await putIntoSource(fixture, 'before', 'poison', 'behind');
    await eventually(async () => {
      const all = await batches('note-records');
      expect(all.at(-1)?.ids).toEqual(['behind']);
      expect(all.filter(({ ids }) => ids.join() === 'poison')).toHaveLength(2);
    });
    expect(fixture.output()).toMatch(/1 records of a stream were given up: it failed 2 times/);
  });

  it('goes on after a restart where it was', async () => {
    fixture = await fixture.restart();
    await putIntoSource(fixture, 'afterwards');
    await eventually(async () => expect(await idsSeen('note-records')).toContain('afterwards'));
    const all = await idsSeen('note-records');
    expect(all.filter((id) => id === 'shape')).toHaveLength(1);
    expect(all.filter((id) => id === 'afterwards')).toHaveLength(1);
  });

  it('from the position LATEST hands over what comes after the mapping was made ("LATEST – process new records")', async () => {
    // The last thing that is in the stream says nothing: it must be passed over, too.
    await putIntoSource(fixture, 'long before', 'long before');
    await fixture.stop();
    const assembly = fixtureAssembly(laterTemplate);
    fixture = await startFixture({ folder: fixture.folder, assembly });
    await eventually(async () => {
      await putIntoSource(fixture, `new ${randomUUID()}`);
      expect(await idsSeen('note-latest')).not.toEqual([]);
    });
    fixture = await fixture.restart();
    await putIntoSource(fixture, 'after the restart');
    await eventually(async () => expect(await idsSeen('note-latest')).toContain('after the restart'));
    const seen = await idsSeen('note-latest');
    expect(seen.filter((id) => !/^new|^after the restart$/.test(id))).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

const ownsDatabase = process.env['DYNAMODB_ENDPOINT'] === undefined;

(ownsDatabase ? describe : describe.skip)('the records of a stream in the emulator', () => {
  it.each([
    [
      'the next sequence number of a write',
      'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?',
      ['source'],
    ],
    [
      'the records after one',
      'SELECT new_image FROM _stream_records WHERE table_name = ? AND shard_id = ? AND CAST(sequence_number AS INTEGER) > ? ORDER BY CAST(sequence_number AS INTEGER)',
      ['source', 'shard', 1],
    ],
  ])('are found by an index, however many writes there were: %s', (_what, query, values) => {
    using database = new DatabaseSync(join(fixture.dataFolder, 'dynamodb.sqlite'), { readOnly: true });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...values);
    expect(plan).toEqual([
      expect.objectContaining({ detail: expect.stringMatching(/USING (COVERING )?INDEX/) }),
    ]);
  });
});
