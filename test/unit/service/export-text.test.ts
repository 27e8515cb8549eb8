import { describe, expect, it } from '@jest/globals';
import { exportText, type WantedText } from '../../../shared/service/export-text.ts';
import { MIN_PART_BYTES } from '../../../shared/service/exports.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { MemoryExports } from '../../support/memory/memory-exports.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';

const JOB = aRunningJob();

/** Exports that say which parts were put, and take so long over each. */
class SlowExports extends MemoryExports {
  readonly put: number[] = [];
  afterPart = (): void => {};

  override putPart: MemoryExports['putPart'] = async (upload, part, text) => {
    this.put.push(part);
    const tag = await MemoryExports.prototype.putPart.call(this, upload, part, text);
    this.afterPart();
    return tag;
  };
}

function aHouse(...pieces: string[]) {
  const clock = settableClock();
  const asked: [place: number, upTo: number][] = [];
  const wanted = (facts: Partial<WantedText> = {}): WantedText => ({
    job: JOB,
    what: 'all of it',
    fileName: 'a.txt',
    contentType: 'text/plain',
    progressIn: 'export-log',
    upTo: pieces.length,
    async *from(place, upTo) {
      asked.push([place, upTo]);
      for (let at = place; at < upTo; at++) yield { text: pieces[at] ?? '', next: at + 1 };
    },
    ...facts,
  });
  return { clock, asked, wanted, exports: new SlowExports(), pages: new MemoryJobDetails() };
}
type House = ReturnType<typeof aHouse>;

const ask = (house: House, facts?: Partial<WantedText>) => exportText(house.wanted(facts), house);

/** As often as a client has to ask. */
async function downloaded(house: House, facts?: Partial<WantedText>): Promise<string> {
  for (let requests = 0; requests < 20; requests++) {
    const url = await ask(house, facts);
    if (url !== undefined) return house.exports.textAt(url);
  }
  throw new Error('It is not ready after 20 requests.');
}

/** Half a part, so that two make one. */
const half = (letter: string): string => letter.repeat(MIN_PART_BYTES / 2);
const LONG = ['a', 'b', 'c', 'd', 'e'].map(half);
/** A house in which a request has time for one part. */
function slowHouse(...pieces: string[]): House {
  const house = aHouse(...pieces);
  house.exports.afterPart = () => house.clock.advance(10_000);
  return house;
}
/** What is kept of how far it has come. */
const progress = async ({ pages }: House) => (await pages.get(JOB, 'export-log', 0)) ?? [];

describe('a text that is downloaded', () => {
  it.each([[[]], [['']], [['one ']], [['one ', 'two ', 'drei ü']]])(
    'is all its pieces: %j',
    async (pieces) => {
      const house = aHouse(...pieces);
      expect([await downloaded(house), house.exports.put]).toEqual([pieces.join(''), [1]]);
    },
  );

  it('is joined in parts, the last of them as short as it comes', async () => {
    const house = aHouse(...LONG);
    expect((await downloaded(house)) === LONG.join('')).toBe(true);
    expect(house.exports.put).toEqual([1, 2, 3]);
  });

  it('has no empty part at its end', async () => {
    const house = aHouse(...LONG.slice(0, 4));
    expect((await downloaded(house)) === LONG.slice(0, 4).join('')).toBe(true);
    expect(house.exports.put).toEqual([1, 2]);
  });

  it('is measured in bytes: a part of half as many characters is long enough', async () => {
    const house = aHouse('ü'.repeat(MIN_PART_BYTES / 2), 'end');
    await downloaded(house);
    expect(house.exports.put).toEqual([1, 2]);
  });

  it('is not made again for the next who wants the same', async () => {
    const house = aHouse('one');
    await downloaded(house);
    expect([await downloaded(house), house.asked.length]).toEqual(['one', 1]);
  });

  it.each<[string, Partial<WantedText>]>([
    ['of something else', { what: 'errors' }],
    ['that has grown', { upTo: 3 }],
    ['of another job', { job: aRunningJob() }],
    ['of a later job of the same id', { job: { ...JOB, sequence: JOB.sequence + 1 } }],
  ])('%s is another text', async (_which, facts) => {
    const house = aHouse('one', 'two', 'three');
    await downloaded(house, { upTo: 2 });
    await downloaded(house, { upTo: 2, ...facts });
    expect(house.asked).toHaveLength(2);
  });
});

describe('a text that takes longer than a request may', () => {
  it('goes on where the request before has stopped, and is forgotten when it is whole', async () => {
    const house = slowHouse(...LONG);
    expect(await ask(house)).toBeUndefined();
    expect(await progress(house)).toMatchObject([{ next: 2, upTo: 5, parts: [expect.any(String)] }]);
    expect((await downloaded(house)) === LONG.join('')).toBe(true);
    expect([house.asked, house.exports.put]).toEqual([
      [
        [0, 5],
        [2, 5],
        [4, 5],
      ],
      [1, 2, 3],
    ]);
    expect(await progress(house)).toEqual([]);
  });

  it('has ten seconds for a request, and stops when they are over', async () => {
    const house = aHouse(...LONG);
    house.exports.afterPart = () => house.clock.advance(9_999);
    await ask(house);
    expect(house.exports.put).toEqual([1, 2]);
  });

  it('is finished as it was begun, though there is more by now; then that comes', async () => {
    const house = slowHouse(...LONG);
    expect(await ask(house, { upTo: 3 })).toBeUndefined();
    expect((await downloaded(house)) === LONG.slice(0, 3).join('')).toBe(true);
    expect((await downloaded(house)) === LONG.join('')).toBe(true);
  });

  it('begins anew where what was put has expired', async () => {
    const house = slowHouse(...LONG);
    await ask(house);
    house.exports.expire();
    expect([await ask(house), await progress(house)]).toEqual([undefined, []]);
    expect((await downloaded(house)) === LONG.join('')).toBe(true);
  });

  it('leaves it to the next request where a later claim has written how far it has come', async () => {
    const house = slowHouse(...LONG);
    const later = { ...JOB, claimNumber: JOB.claimNumber + 1 };
    expect(await ask(house, { job: later })).toBeUndefined();
    const kept = await progress(house);
    expect(await ask(house)).toBeUndefined();
    expect(await progress(house)).toEqual(kept);
    expect((await downloaded(house, { job: later })) === LONG.join('')).toBe(true);
  });

  it('fails where the bucket does not answer, and can be asked for again', async () => {
    const house = aHouse('one');
    house.exports.afterPart = () => {
      throw new Error('Slow down.');
    };
    await expect(ask(house)).rejects.toThrow('Slow down.');
    house.exports.afterPart = () => {};
    expect(await downloaded(house)).toBe('one');
  });
});
