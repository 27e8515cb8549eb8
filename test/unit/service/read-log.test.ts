import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { downloadLog } from '../../../shared/service/download-log.ts';
import { exportText } from '../../../shared/service/export-text.ts';
import { type LogAnswer, readLog } from '../../../shared/service/read-log.ts';
import { aRunningJob, at } from '../../support/a-job.ts';
import { aLogHouse, upTo } from '../../support/a-log.ts';
import { aWorld } from '../../support/a-world.ts';
import { MemoryExports } from '../../support/memory/memory-exports.ts';

type Item = { number: number; text: string; at: string; missing?: number };

function aReader(job: Job = aRunningJob({ jobId: '00000000-0000-4000-8000-000000000001' }), most = 100_000) {
  const world = aWorld();
  world.jobs.put(job);
  const { writerOf } = aLogHouse({ logs: world.logs, most });
  const writer = writerOf(job);
  const reader = { ...world, pages: world.details, exports: new MemoryExports(world.clock) };
  return {
    job,
    reader,
    world,
    say: async (from: number, to: number, text = (n: number) => `line ${n}`) => {
      for (let n = from; n <= to; n++) {
        writer.add('info', text(n));
        if (n % 500 === 0) await writer.write();
      }
      await writer.write();
    },
    read: (query: Record<string, string> = {}) => readLog({ params: { jobId: job.jobId }, query }, reader),
    download: () => downloadLog({ jobId: job.jobId }, reader),
  };
}
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
    await expect(readLog({ params: { jobId }, query: {} }, reader)).rejects.toMatchObject({ code });
    await expect(downloadLog({ jobId }, reader)).rejects.toMatchObject({ code });
  });
});

describe('downloading a log', () => {
  it('of a job that has said nothing gives an empty text', async () => {
    expect(await aReader().download()).toMatchObject({ text: '' });
  });

  it('gives a line for each, none of which can look like two', async () => {
    const { world, job, download } = aReader();
    const { writerOf } = aLogHouse({ logs: world.logs });
    const writer = writerOf(job);
    writer.add('warn', 'one\r\n2099-01-01T00:00:00.000Z ERROR forged', { item: '/a\u2028b', etaSeconds: 5 });
    writer.add('info', '\u001B[2J\u0000\u0085 ü 日本');
    await writer.close();
    expect((await download()).text).toBe(
      `${at()} WARN  one\\r\\n2099-01-01T00:00:00.000Z ERROR forged [/a\\u2028b] (5 s left)\n` +
        `${at()} INFO  \\u001b[2J\\u0000\\u0085 ü 日本\n`,
    );
  });

  it('of any length is joined over as many requests as it takes, and comes out whole', async () => {
    const { say, download, reader, world } = aReader();
    await say(1, 40_000, (n) => `line ${n} ${'x'.repeat(600)}`);
    // A request may take ten seconds: here each part takes six.
    const slow = { ...reader, clock: Object.assign(() => (world.clock.advance(6_000), world.clock()), {}) };
    let requests = 0;
    let got = await downloadLog({ jobId: '00000000-0000-4000-8000-000000000001' }, slow);
    for (; got.url === undefined && requests < 100; requests++) {
      expect(got.text).toBeUndefined();
      got = await downloadLog({ jobId: '00000000-0000-4000-8000-000000000001' }, slow);
    }
    expect(requests).toBeGreaterThan(1);
    const lines = reader.exports
      .textAt(got.url ?? '')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBe(40_000);
    expect(lines.every((line, place) => line.includes(` line ${place + 1} x`))).toBe(true);
    expect((await download()).url).toBe(got.url);
  });

  it('goes on anew when what had been put has expired', async () => {
    const { say, download, reader } = aReader();
    await say(1, 20_000, () => 'x'.repeat(900));
    reader.exports.loseUploads();
    expect(await download()).not.toHaveProperty('url');
    expect((await download()).url).toBeDefined();
  });
});

describe('a text that is exported', () => {
  it('is finished as it was begun, though its source has grown', async () => {
    const { reader, job } = aReader();
    const clock = Object.assign(() => 0, {});
    const PART = 'x'.repeat(6 * 1024 * 1024);
    const wanted = (last: number) => ({
      job,
      what: 'a list',
      fileName: 'a.txt',
      contentType: 'text/plain',
      progressIn: 'export-log' as const,
      upTo: last,
      async *from(place: number, to: number) {
        for (let next = place + 1; next <= to; next++) yield { text: PART, next };
      },
    });
    let looks = 0;
    const hasty = { ...reader, clock: () => (looks++ === 0 ? 0 : 60_000) };
    expect(await exportText(wanted(2), hasty)).toBeUndefined();
    const url = await exportText(wanted(7), { ...reader, clock });
    expect(reader.exports.textAt(url ?? '').length).toBe(2 * PART.length);
  });
});
