import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

/** The documentation of Apache Impala: DITA topics named .xml, beside the project where it is there at all. */
const CONTENT = resolve(import.meta.dirname, '../../../shared/content/impala-docs');
const FOLDER = '/content/dam/impala';
const isHere = existsSync(CONTENT);
if (!isHere) console.warn(`Skipped: the real DITA content is not at ${CONTENT}.`);

(isHere ? describe : describe.skip)('real DITA content', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('has 3,932 references to other files, none broken, and 1,542 conrefs, within one percent', async () => {
    const entries = await readdir(CONTENT, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    await client.upload(
      Object.fromEntries(
        await Promise.all(
          files.map(async (file) => [`${FOLDER}/${relative(CONTENT, file)}`, await readFile(file)] as const),
        ),
      ),
    );
    const { result } = await client.run('process-assets', { folder: FOLDER });
    expect(result).toMatchObject({
      files: files.length,
      processed: files.length,
      failed: 0,
      references: { broken: 0 },
    });
    expect(Math.abs(result.references.internal - 3_932)).toBeLessThanOrEqual(39);
    expect(Math.abs(result.references.conrefs - 1_542)).toBeLessThanOrEqual(15);
    expect(result.byKind['dita-topic'].files).toBe(333);
  });
});
