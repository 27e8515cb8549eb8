import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readAssembly } from '../../local/template/assembly.ts';

const ASSEMBLY = resolve(import.meta.dirname, '../../cdk.out');
const isSynthesised = existsSync(join(ASSEMBLY, 'manifest.json'));
if (!isSynthesised) console.warn('Skipped: there are no bundles yet; "npm run synth" makes them.');

/** The files of each function's bundle and their bytes, by the function's name. */
function bundles(): Record<string, Record<string, number>> {
  const functions = readAssembly(ASSEMBLY).flatMap((stack) =>
    Object.values(stack.template.Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(
        ({ Properties }) =>
          [String(Properties['FunctionName']), stack.assetFolder(keyOf(Properties))] as const,
      ),
  );
  return Object.fromEntries(
    functions.map(([name, folder]) => [
      name,
      Object.fromEntries(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).size])),
    ]),
  );
}

function keyOf({ Code }: Record<string, unknown>): string {
  if (typeof Code === 'object' && Code !== null && 'S3Key' in Code) return String(Code.S3Key);
  throw new Error('The function has no code of ours.');
}

(isSynthesised ? describe : describe.skip)('the bundle', () => {
  it('of the API has less than 925 KB, for every byte is a cold start', () => {
    const { 'index.mjs': size, ...others } = bundles()['longhaul-local-api'] ?? {};
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(925_000);
    expect(others).toEqual({});
  });

  it('of the workers has the script of their thread beside it', () => {
    const files = Object.keys(bundles()['longhaul-local-run-jobs-bulk'] ?? {});
    expect(files.toSorted()).toEqual(['index.mjs', 'inspect-file.mjs']);
  });
});
