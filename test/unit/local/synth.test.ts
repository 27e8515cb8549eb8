import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesise } from '../../../local/synth.ts';

const app = `
  import { mkdirSync, writeFileSync, appendFileSync } from 'node:fs';
  const { CDK_OUTDIR: out, CDK_CONTEXT_JSON: context } = process.env;
  mkdirSync(out, { recursive: true });
  writeFileSync(out + '/manifest.json', context);
`;

/** A project whose app writes its context as the manifest. */
function aProject(code = app): string {
  const root = mkdtempSync(join(tmpdir(), 'longhaul-synth-'));
  for (const folder of ['cdk', 'functions/deep', 'shared'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'cdk/app.ts'), code);
  writeFileSync(join(root, 'cdk.json'), JSON.stringify({ context: { own: 'value' } }));
  writeFileSync(join(root, 'functions/deep/api.ts'), '1');
  return root;
}

const isNew = async (root: string) => (await synthesise({ root })).isNew;
const manifest = (root: string): unknown =>
  JSON.parse(readFileSync(join(root, 'cdk.out/manifest.json'), 'utf8'));

describe('synthesis', () => {
  it('gives the app its context: that of cdk.json, the stage local, the cores at hand', async () => {
    const root = aProject();
    await synthesise({ root });
    expect(manifest(root)).toEqual({ own: 'value', stage: 'local', cores: expect.any(Number) });
  });

  it('is made anew only when a source has changed, is added, renamed or removed', async () => {
    const root = aProject();
    expect([await isNew(root), await isNew(root)]).toEqual([true, false]);
    writeFileSync(join(root, 'functions/deep/api.ts'), '2');
    expect([await isNew(root), await isNew(root)]).toEqual([true, false]);
    writeFileSync(join(root, 'shared/new.ts'), '');
    expect([await isNew(root), await isNew(root)]).toEqual([true, false]);
    writeFileSync(join(root, 'unrelated.md'), '');
    expect(await isNew(root)).toBe(false);
  });

  it('shows what a failing app said, and is tried again the next time', async () => {
    const root = aProject();
    await synthesise({ root });
    writeFileSync(join(root, 'cdk/app.ts'), 'throw new Error("broken on purpose")');
    await expect(synthesise({ root })).rejects.toThrow(/broken on purpose/);
    await expect(synthesise({ root })).rejects.toThrow(/exit code 1/);
  });

  it('leaves nothing but the output behind, even when several run at once', async () => {
    const root = aProject();
    await Promise.all([synthesise({ root }), synthesise({ root }), synthesise({ root })]);
    expect(manifest(root)).toHaveProperty('stage', 'local');
    expect(readdirSync(root).filter((name) => name.includes('cdk.out'))).toEqual(['cdk.out']);
  });
});
