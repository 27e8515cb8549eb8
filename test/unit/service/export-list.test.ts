import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../shared/job/json.ts';
import { type ExportedList, exportList } from '../../../shared/service/export-list.ts';
import type { Exporter } from '../../../shared/service/export-text.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { MemoryExports } from '../../support/memory/memory-exports.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';

const JOB = aRunningJob();
const WANTED: ExportedList = { job: JOB, list: 'items', columns: ['name', 'n'], fileName: 'a.csv' };

async function aList(...pages: Json[][]) {
  const details = new MemoryJobDetails();
  for (const [page, lines] of pages.entries()) await details.put(JOB, 'items', page, lines);
  return { pages: details, exports: new MemoryExports(), clock: settableClock() };
}

/** As often as a client has to ask. */
async function downloaded(exporter: Exporter): Promise<{ text: string; requests: number }> {
  for (let requests = 1; requests < 50; requests++) {
    const url = await exportList(WANTED, exporter);
    // What it reads as UTF-8 has no byte order mark any more.
    if (url !== undefined)
      return { text: (await (await fetch(url)).text()).replace(/^\uFEFF/, ''), requests };
  }
  throw new Error('It is not ready after 50 requests.');
}

/** A page of some 2.5 MB. */
const largePage = (page: number): Json[] =>
  Array.from({ length: 25 }, (_, n) => ({ name: `${page}-${n}-`.padEnd(100_000, 'x'), n }));
const LARGE = Array.from({ length: 7 }, (_, page) => largePage(page));
const largeText = ['name,n', ...LARGE.flat().map((line) => Object.values(line ?? {}).join(',')), ''].join(
  '\r\n',
);

describe('an export of a list', () => {
  it('has a head, a line for each, and texts that no spreadsheet takes for a formula or another line', async () => {
    const lines = [
      { name: '=cmd()', n: 1 },
      { name: 'a "b", c\r\nd' },
      { n: { deep: [true] }, name: null },
      { name: '-1' },
    ];
    const { text } = await downloaded(await aList(lines));
    expect(text).toBe(
      ['name,n', "'=cmd(),1", '"a ""b"", c\r\nd",', ',"{""deep"":[true]}"', "'-1,", ''].join('\r\n'),
    );
  });

  it('of nothing is a head', async () => {
    expect((await downloaded(await aList())).text).toBe('name,n\r\n');
  });

  it('begins with a byte order mark, by which spreadsheets know that it is UTF-8', async () => {
    const exporter = await aList([{ name: 'Zürich' }]);
    const bytes = Buffer.from(await (await fetch(String(await exportList(WANTED, exporter)))).arrayBuffer());
    expect(bytes.toString('hex')).toMatch(/^efbbbf/);
  });

  it('is a CSV file of the name that was asked for, another one for other columns', async () => {
    const exporter = await aList([{ name: 'one', n: 1 }]);
    const { exports } = exporter;
    const begin = exports.begin.bind(exports);
    const begun: unknown[] = [];
    exports.begin = (id, ...facts) => {
      begun.push(facts);
      return begin(id, ...facts);
    };
    const whole = await exportList(WANTED, exporter);
    const part = await exportList({ ...WANTED, columns: ['n'], fileName: 'n.csv' }, exporter);
    expect(begun).toEqual([
      ['a.csv', 'text/csv; charset=utf-8'],
      ['n.csv', 'text/csv; charset=utf-8'],
    ]);
    expect([whole, part].map((url) => exports.textAt(url ?? ''))).toEqual([
      '\uFEFFname,n\r\none,1\r\n',
      '\uFEFFn\r\n1\r\n',
    ]);
  });

  it('of any size is made in parts, over as many requests as it takes', async () => {
    const exporter = await aList(...LARGE);
    const { clock, exports } = exporter;
    const put = exports.putPart.bind(exports);
    exports.putPart = async (...part) => {
      clock.advance(10_000);
      return put(...part);
    };
    const { text, requests } = await downloaded(exporter);
    expect(requests).toBeGreaterThan(2);
    expect(text === largeText).toBe(true);
  });

  it('is not made again for the next who asks', async () => {
    const exporter = await aList([{ name: 'one' }]);
    await downloaded(exporter);
    exporter.exports.begin = () => Promise.reject(new Error('It is there.'));
    expect((await downloaded(exporter)).requests).toBe(1);
  });

  it('is made by two at once, and is the same', async () => {
    const exporter = await aList(...LARGE);
    const both = await Promise.all([downloaded(exporter), downloaded(exporter)]);
    expect(both.map(({ text }) => text === largeText)).toEqual([true, true]);
  });

  it('begins anew when what was put is gone', async () => {
    const exporter = await aList(...LARGE);
    const put = exporter.exports.putPart.bind(exporter.exports);
    exporter.exports.putPart = async (...part) => {
      exporter.clock.advance(20_000);
      return put(...part);
    };
    expect(await exportList(WANTED, exporter)).toBeUndefined();
    exporter.exports.expire();
    const { text, requests } = await downloaded(exporter);
    expect(requests).toBeGreaterThan(1);
    expect(text === largeText).toBe(true);
  });
});
