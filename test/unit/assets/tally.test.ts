import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { kinds } from '../../../shared/assets/inspect/inspection.ts';
import type { Processed } from '../../../shared/assets/process-asset.ts';
import { emptyTally, Tally, withAsset } from '../../../shared/assets/tally.ts';
import { dam } from '../../support/assets.ts';

const NO_REFERENCES = { internal: 0, broken: 0, external: 0, sameFile: 0, keys: 0, conrefs: 0 };

const processed = (facts: Partial<Processed> = {}): Processed => ({
  path: dam('a.md'),
  status: 'processed',
  summary: {
    size: 10,
    sha256: '',
    mediaType: 'text/markdown',
    fileKind: 'markdown',
    references: NO_REFERENCES,
  },
  broken: [],
  ...facts,
});
const MISSING: Processed = { path: dam('gone.md'), status: 'missing', broken: [] };

const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
const tallyOf = (assets: readonly Processed[]): Tally => assets.reduce(withAsset, emptyTally());

describe('a tally', () => {
  it('counts files, bytes, kinds and what became of them', () => {
    const image = { size: 7, sha256: '', mediaType: 'image/png', fileKind: 'image' } as const;
    const tally = tallyOf([
      processed(),
      processed(),
      processed({ summary: image }),
      processed({ status: 'failed', failure: { code: 'too-deep', reason: 'It is deep.' } }),
      processed({ status: 'superseded' }),
      MISSING,
    ]);
    expect(tally).toMatchObject({
      files: 6,
      bytes: 47,
      processed: 3,
      failed: 1,
      superseded: 1,
      missing: 1,
      byKind: { markdown: { files: 4, bytes: 40 }, image: { files: 1, bytes: 7 } },
    });
  });

  it('adds up references by where they lead', () => {
    const references = { internal: 1, broken: 2, external: 3, sameFile: 4, keys: 5, conrefs: 6 };
    const summary = { size: 0, sha256: '', mediaType: '', fileKind: 'xml', references } as const;
    expect(tallyOf([processed({ summary }), MISSING, processed({ summary })]).references).toEqual({
      internal: 2,
      broken: 4,
      external: 6,
      sameFile: 8,
      keys: 10,
      conrefs: 12,
    });
  });

  it('gives examples of what is wrong, with their places', () => {
    const failure = { code: 'too-deep', reason: 'It is deep.' } as const;
    const tally = tallyOf([
      processed({ path: dam('x.xml'), status: 'failed', failure, broken: ['b.md', 'c.md'] }),
      MISSING,
    ]);
    expect(tally).toMatchObject({
      failures: [{ path: dam('x.xml'), ...failure }],
      missingFiles: [dam('gone.md')],
      brokenReferences: [
        { path: dam('x.xml'), target: 'b.md' },
        { path: dam('x.xml'), target: 'c.md' },
      ],
    });
  });

  it('may travel with a cursor: it comes back the same', () => {
    const tally = tallyOf([processed(), MISSING]);
    expect(Tally.parse(JSON.parse(JSON.stringify(tally)))).toEqual(tally);
  });

  it('never grows beyond what a cursor may carry, however much is wrong', () => {
    const path = dam('x'.repeat(1_000));
    const hopeless = processed({
      path,
      status: 'failed',
      failure: { code: 'crashed', reason: 'y'.repeat(5_000) },
      broken: Array.from({ length: 500 }, () => 'z'.repeat(2_048)),
    });
    const tally = tallyOf([
      ...Array.from({ length: 200 }, () => hopeless),
      ...Array.from({ length: 200 }, () => ({ ...MISSING, path })),
    ]);
    expect([
      tally.failed,
      tally.failures.length,
      tally.missingFiles.length,
      tally.brokenReferences.length,
    ]).toEqual([200, 50, 50, 50]);
    expect(Buffer.byteLength(JSON.stringify(tally))).toBeLessThan(200_000);
  });

  it('counts every asset once under what became of it, whatever comes', () => {
    const ANY = fc.record({
      path: fc.constant(dam('a')),
      status: fc.constantFrom('processed', 'failed', 'missing', 'superseded'),
      broken: fc.array(fc.string(), { maxLength: 3 }),
      summary: fc.record({
        size: fc.nat(1_000),
        sha256: fc.constant(''),
        mediaType: fc.constant(''),
        fileKind: fc.constantFrom(...kinds),
      }),
    });
    fc.assert(
      fc.property(fc.array(ANY), (assets) => {
        const tally = tallyOf(assets);
        expect(tally.files).toBe(tally.processed + tally.failed + tally.missing + tally.superseded);
        expect(sum(Object.values(tally.byKind).map(({ files }) => files))).toBe(assets.length);
        expect(sum(Object.values(tally.byKind).map(({ bytes }) => bytes))).toBe(tally.bytes);
      }),
    );
  });
});
