import { describe, expect, it } from '@jest/globals';
import { downloadLog } from '../../../shared/service/download-log.ts';
import { exportText } from '../../../shared/service/export-text.ts';
import { at } from '../../support/a-job.ts';
import { aLogHouse } from '../../support/a-log.ts';
import { aReader } from '../../support/a-log-reader.ts';

const FILE_NAME = 'log-of-00000000-0000-4000-8000-000000000001.txt';

describe('downloading a log', () => {
  it('of a job that has said nothing gives an empty text', async () => {
    expect(await aReader().download()).toEqual({ text: '', fileName: FILE_NAME });
  });

  it('gives a line for each, none of which can look like two', async () => {
    const { world, job, download } = aReader();
    const { writerOf } = aLogHouse({ logs: world.logs });
    const writer = writerOf(job);
    writer.add('warn', 'one\r\n2099-01-01T00:00:00.000Z ERROR forged', { item: '/a\u2028b', etaSeconds: 5 });
    writer.add('info', '\u001B[2J\u0000\u001F\u007E\u007F\u0085\u009F\u00A0 ü 日本 \u2027\u2028\u2029\u202A');
    writer.add('error', '\t"\\"');
    await writer.close();
    expect((await download()).text).toBe(
      `${at()} WARN  one\\r\\n2099-01-01T00:00:00.000Z ERROR forged [/a\\u2028b] (5 s left)\n` +
        `${at()} INFO  \\u001b[2J\\u0000\\u001f~\\u007f\\u0085\\u009f\u00A0 ü 日本 \u2027\\u2028\\u2029\u202A\n` +
        `${at()} ERROR \\t"\\"\n`,
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
    expect(await download()).toEqual({ url: got.url, fileName: FILE_NAME });
  });

  it.each([
    [959, true],
    [960, false],
  ])(
    'is answered at once up to 4 MB, as they are quoted: a last line of %i characters',
    async (last, isText) => {
      const { say, download } = aReader();
      // A line of 967 characters is one of 1,000 bytes; the quotes of each thousand lines are two.
      await say(1, 4_000, (n) => 'x'.repeat(n === 4_000 ? last : 967));
      const { text } = await download();
      expect(text?.length).toBe(isText ? 3_999 * 999 + 32 + last : undefined);
    },
  );

  it('is kept as a text file, and has the lines that were there when it was begun', async () => {
    const { say, download, reader, world, job } = aReader();
    await say(1, 20_000, () => 'x'.repeat(900));
    const begun: unknown[] = [];
    const begin = reader.exports.begin.bind(reader.exports);
    reader.exports.begin = (...facts) => {
      begun.push(facts.slice(1));
      return begin(...facts);
    };
    const slow = { ...reader, clock: Object.assign(() => (world.clock.advance(6_000), world.clock()), {}) };
    expect(await downloadLog({ jobId: job.jobId }, slow)).toEqual({ fileName: FILE_NAME });
    await say(20_001, 20_100);
    const { url = '' } = await download();
    expect(reader.exports.textAt(url).trimEnd().split('\n')).toHaveLength(20_000);
    expect(begun).toEqual([[FILE_NAME, 'text/plain; charset=utf-8']]);
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
