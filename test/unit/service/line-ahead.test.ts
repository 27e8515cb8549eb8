import { describe, expect, it } from '@jest/globals';
import { LineAhead } from '../../../shared/service/line-ahead.ts';
import type { Link } from '../../../shared/service/ports.ts';

const TOKEN = 'orders';
const link = (sequence: number): Link => ({
  token: TOKEN,
  sequence,
  jobId: `job-${sequence}`,
  lane: 'standard',
});

/** Answers each look with the places that it is said to see. */
function seeing(...looks: number[][]) {
  const [left, limits] = [[...looks], new Set<number>()];
  const line = async (_token: string, { limit }: { limit: number }) => {
    limits.add(limit);
    return (left.shift() ?? []).map(link);
  };
  return { line: new LineAhead(TOKEN, { line }), limits, looksLeft: () => left.length };
}

async function goAlong(line: LineAhead): Promise<number[]> {
  const sequences: number[] = [];
  for (let head = await line.look(); head !== undefined; head = await line.next())
    sequences.push(head.sequence);
  return sequences;
}

describe('a line that is read ahead', () => {
  it('is gone along in order, by two looks for all that one of them can see', async () => {
    const { line, looksLeft } = seeing([1, 2, 3, 4, 5], [2, 3, 4, 5], []);
    expect([await goAlong(line), looksLeft()]).toEqual([[1, 2, 3, 4, 5], 0]);
  });

  it('asks for as many places as one read unit pays for', async () => {
    const { line, limits } = seeing([1], []);
    await goAlong(line);
    expect([...limits]).toEqual([16]);
  });

  it('has nobody run who was seen by one look only: somebody may stand before them', async () => {
    // 3 was written while the first look went on, which had passed its place and came to see 4.
    const { line } = seeing([1, 4], [3, 4], []);
    expect(await goAlong(line)).toEqual([1, 3, 4]);
  });

  it('looks again at whoever came behind those that the look before had seen', async () => {
    const { line, looksLeft } = seeing([1, 2], [2, 9], [8, 9], []);
    expect([await goAlong(line), looksLeft()]).toEqual([[1, 2, 8, 9], 0]);
  });

  it('knows nobody else than a head that a look has just shown', async () => {
    const { line, looksLeft } = seeing([1], [2]);
    const head = await line.look();
    expect([head && (await line.insteadOf(head)), looksLeft()]).toEqual([undefined, 1]);
  });

  it.each([
    ['is still the head', [3, 4], undefined],
    ['has gone', [4], link(4)],
    ['has gone as the last one', [], undefined],
  ])('looks anew where one that was read ahead %s', async (_what, now, instead) => {
    const { line } = seeing([1, 2, 3], [2, 3], now);
    await line.look();
    await line.next();
    const ahead = await line.next();
    expect(ahead).toEqual(link(3));
    expect(ahead && (await line.insteadOf(ahead))).toEqual(instead);
  });
});
