import { describe, expect, it } from '@jest/globals';
import { downloadLog } from '../../../shared/service/download-log.ts';
import { pageCursor } from '../../../shared/service/page-cursor.ts';
import { type LogAnswer, readLog } from '../../../shared/service/read-log.ts';
import { aRunningJob, at } from '../../support/a-job.ts';
import { aLogHouse, keptLog, upTo } from '../../support/a-log.ts';
import { aReader } from '../../support/a-log-reader.ts';

type Item = { number: number; text: string; at: string; missing?: number };

const numbers = ({ items }: LogAnswer): number[] => items.map((item) => (item as Item).number); // oxlint-disable-line typescript/no-unsafe-type-assertion -- entries

describe('reading a log', () => {
  it('gives the latest 500, newest first, and by the cursor all the others, each once', async () => {
    const { say, read } = aReader();
    await say(1, 1_234);
    const first = await read();
    expect(numbers(first)).toEqual(upTo(1_234).slice(-500).toReversed());
    expect(first).toMatchObject({ next: 1_234, isComplete: false });
    const seen = numbers(first);
    for (let { nextCursor } = first; nextCursor !== undefined; ) {
      const page = await read({ cursor: nextCursor, limit: '100' });
      seen.push(...numbers(page));
      ({ nextCursor } = page);
    }
    expect(seen).toEqual(upTo(1_234).toReversed());
  });

  it('goes on where it was, though lines have come meanwhile', async () => {
    const { say, read } = aReader();
    await say(1, 600);
    const { nextCursor = '' } = await read();
    await say(601, 700);
    expect(numbers(await read({ cursor: nextCursor }))).toEqual(upTo(100).toReversed());
  });

  it('follows: what has come since, oldest first, and whether there will be more', async () => {
    const { say, read, world, job } = aReader();
    expect(await read()).toEqual({ items: [], next: 0, isComplete: false });
    expect(await read({ after: '0' })).toEqual({ items: [], next: 0, isComplete: false });
    await say(1, 700);
    const first = await read({ after: '0' });
    expect([numbers(first), first.next, first.isComplete]).toEqual([upTo(500), 500, false]);
    world.jobs.put({ ...job, statusCode: 30 });
    const rest = await read({ after: String(first.next) });
    expect([numbers(rest), rest.next, rest.isComplete]).toEqual([upTo(700).slice(500), 700, true]);
    expect(await read({ after: '700' })).toEqual({ items: [], next: 700, isComplete: true });
    expect(await read({ after: '9000' })).toEqual({ items: [], next: 9_000, isComplete: true });
  });

  it('shows all that is known of a line', async () => {
    const { read, world, job } = aReader();
    const writer = aLogHouse({ logs: world.logs }).writerOf(job);
    writer.add('warn', 'broken', { item: '/a', etaSeconds: 7 });
    writer.add('info', 'fine');
    await writer.close();
    const first = { number: 1, at: at(), level: 'warn', text: 'broken', item: '/a', etaSeconds: 7 };
    const second = { number: 2, at: at(), level: 'info', text: 'fine' };
    expect(await read()).toEqual({ items: [second, first], next: 2, isComplete: false });
    expect(await read({ after: '0' })).toEqual({ items: [first, second], next: 2, isComplete: false });
  });

  it.each([
    ['5', [5, 4, 3, 2, 1], false],
    ['4', [5, 4, 3, 2], true],
  ])(
    'has another page only where there are more lines: a limit of %s of five',
    async (limit, shown, hasMore) => {
      const { say, read, world, job } = aReader();
      await say(1, 5);
      world.jobs.put({ ...job, statusCode: 30 });
      const back = await read({ limit });
      expect([numbers(back), back.nextCursor !== undefined]).toEqual([shown, hasMore]);
      expect(await read({ limit, after: '0' })).toMatchObject({ next: Number(limit), isComplete: !hasMore });
    },
  );

  it('says of an older page where it ends, and never that it is all', async () => {
    const { say, read, world, job } = aReader();
    await say(1, 9);
    world.jobs.put({ ...job, statusCode: 30 });
    const { nextCursor = '', ...first } = await read({ limit: '4' });
    expect([first.next, first.isComplete]).toEqual([9, true]);
    const older = await read({ limit: '4', cursor: nextCursor });
    expect([numbers(older), older.next, older.isComplete]).toEqual([[5, 4, 3, 2], 5, false]);
  });

  it('says where a page ends whose lines have gone since', async () => {
    const { read, reader, job } = aReader();
    const segments: [number, number][] = [
      [1, 5],
      [6, 5],
    ];
    reader.logs = await keptLog(job, { segments, lost: [] });
    const { nextCursor = '' } = await read({ limit: '5' });
    reader.logs = await keptLog(job, { segments, lost: [1] });
    expect(await read({ cursor: nextCursor })).toMatchObject({ items: [{ missing: 5 }], next: 5 });
  });

  it('is followed from the last line that is there, not from what a crash has begun', async () => {
    const { read, reader, job } = aReader();
    reader.logs = await keptLog(job, {
      segments: [
        [1, 5],
        [6, 5],
      ],
      lost: [6],
    });
    expect(await read({ limit: '1' })).toMatchObject({ items: [{ number: 5 }], next: 5 });
    reader.logs = await keptLog(job, { segments: [[1, 5]], lost: [1] });
    expect(await read()).toEqual({ items: [], next: 0, isComplete: false });
  });

  it('says where lines are left out, in either direction, once', async () => {
    const { say, read } = aReader(undefined, 1_000);
    await say(1, 6_000);
    const forwards = await read({ after: '90', limit: '20' });
    expect(numbers(forwards)).toEqual([...upTo(100).slice(90), 5_100, ...upTo(5_109).slice(5_100)]);
    const seen: number[] = [];
    for (
      let page = await read({ limit: '7' });
      ;
      page = await read({ limit: '7', cursor: page.nextCursor ?? '' })
    ) {
      seen.push(...numbers(page));
      if (page.nextCursor === undefined) break;
    }
    expect(seen).toEqual([...upTo(100), 5_100, ...upTo(6_000).slice(5_100)].toReversed());
  });

  it('stays within what an answer can carry, however the lines are made', async () => {
    const { say, read } = aReader();
    await say(1, 1_000, () => '\u0000'.repeat(1_000));
    const page = await read({ limit: '1000' });
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(page)))).toBeLessThan(4_200_000);
    expect(page.items.length).toBeGreaterThan(100);
    expect(page.nextCursor).toBeDefined();
    const forwards = await read({ after: '0', limit: '1000' });
    expect(forwards.items.length).toBeLessThan(1_000);
    expect(forwards.isComplete).toBe(false);
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '1001' }, '/limit'],
    [{ limit: 'x' }, '/limit'],
    [{ after: '-1' }, '/after'],
    [{ after: '1.5' }, '/after'],
    [{ after: '99999999999999999999' }, '/after'],
    [{ cursor: 'x' }, '/cursor'],
    [{ after: '1', cursor: 'x' }, '/after'],
    [{ tail: '1' }, '/tail'],
  ])('refuses %j', async (query, pointer) => {
    const { read } = aReader();
    await expect(read(query)).rejects.toMatchObject({ faults: [{ in: 'query', pointer }] });
  });

  it('says how one asks for a log', async () => {
    const detail = 'Either a cursor, which leads backwards, or after, which leads forwards: not both.';
    const { read, job } = aReader();
    await expect(read({ after: '1', cursor: 'x' })).rejects.toMatchObject({ faults: [{ detail }] });
    const cursor = pageCursor({ jobId: job.jobId, log: job.createdOn }, '1.5');
    await expect(read({ cursor })).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/cursor' }] });
  });

  it('refuses the cursor of another job', async () => {
    const [one, other] = [aReader(), aReader(aRunningJob({ jobId: '00000000-0000-4000-8000-000000000002' }))];
    await one.say(1, 600);
    const { nextCursor = '' } = await one.read();
    await expect(other.read({ cursor: nextCursor })).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it.each([
    ['00000000-0000-4000-8000-00000000000f', 'NotFound'],
    ['x', 'InvalidInput'],
  ])('of the job %s is refused: %s', async (jobId, code) => {
    const { reader } = aReader();
    const refusal =
      code === 'NotFound'
        ? { code, message: `There is no job "${jobId}".` }
        : { code, faults: [{ in: 'path' }] };
    await expect(readLog({ params: { jobId }, query: {} }, reader)).rejects.toMatchObject(refusal);
    await expect(downloadLog({ jobId }, reader)).rejects.toMatchObject(refusal);
  });
});
