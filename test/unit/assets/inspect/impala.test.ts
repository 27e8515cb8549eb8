import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inspectFile } from '../../../../shared/assets/inspect/inspect-file.ts';
import type { Inspection, Reference } from '../../../../shared/assets/inspect/inspection.ts';
import { resolveReference } from '../../../../shared/assets/inspect/resolve-reference.ts';

/** The documentation of Apache Impala: real DITA, which lies beside the project and not in it. */
const root = join('..', 'shared', 'content', 'impala-docs');
const isThere = existsSync(root);
if (!isThere) process.stderr.write(`Skipped: the counts on real DITA, for ${root} is not there.\n`);

async function inspectAll(): Promise<Map<string, Inspection>> {
  const all = new Map<string, Inspection>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const file = join(root, name);
    if (statSync(file).isFile()) all.set(`/${name}`, await inspectFile(name, readFileSync(file)));
  }
  return all;
}

const toCommon = ({ scope, target }: Reference, path: string): boolean =>
  scope === 'local' && resolveReference(path, target)?.path === '/shared/impala_common.xml';

(isThere ? describe : describe.skip)('the documentation of Impala', () => {
  const inspections = isThere ? inspectAll() : Promise.resolve(new Map<string, Inspection>());

  async function count(matches: (reference: Reference, path: string) => boolean): Promise<number> {
    let found = 0;
    for (const [path, { document }] of await inspections) {
      found += document?.references.filter((reference) => matches(reference, path)).length ?? 0;
    }
    return found;
  }

  it('has 3,932 local path references', async () => {
    expect(await count(({ scope }) => scope === 'local')).toBe(3932);
  });

  it('has none that is broken', async () => {
    const all = await inspections;
    const leadsNowhere = ({ scope, target }: Reference, path: string) =>
      scope === 'local' && !all.has(resolveReference(path, target)?.path ?? '');
    expect(await count(leadsNowhere)).toBe(0);
  });

  it('has 1,542 conrefs, 2 of them within a file', async () => {
    expect(await count(({ kind }) => kind === 'conref')).toBe(1542);
    expect(await count(({ kind, scope }) => kind === 'conref' && scope === 'same-file')).toBe(2);
  });

  it('has 1,091 keyrefs, which are no paths', async () => {
    expect(await count(({ kind, scope }) => kind === 'keyref' && scope === 'key')).toBe(1091);
  });

  it('has 10,701 key definitions (10,611 of them with an address)', async () => {
    const definitions = [...(await inspections).values()].map(
      ({ document }) => document?.keyDefinitions ?? 0,
    );
    expect(definitions.reduce((sum, one) => sum + one, 0)).toBe(10_701);
  });

  it('has one file that is referred to 1,528 times', async () => {
    expect(await count(toCommon)).toBe(1528);
  });

  it('has ids for nearly all fragments (7 are really missing)', async () => {
    const all = await inspections;
    const missing = await count(({ scope, target }, path) => {
      const to = scope === 'local' || scope === 'same-file' ? resolveReference(path, target) : undefined;
      return to?.fragment !== undefined && !all.get(to.path)?.document?.ids.includes(to.fragment);
    });
    expect(missing).toBe(7);
  });

  it('consists of 333 concepts, 3 maps, 2 filters, 6 images and nothing that fails', async () => {
    const all = [...(await inspections).values()];
    const of = (kind: string) => all.filter((inspection) => inspection.kind === kind).length;
    expect([of('dita-topic'), of('dita-map'), of('ditaval'), of('image')]).toEqual([333, 3, 2, 6]);
    expect(all.filter(({ failure }) => failure)).toEqual([]);
    expect(all.filter(({ document }) => document?.title).length).toBe(336);
  });
});
