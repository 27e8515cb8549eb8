import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const topic = (
  body: string,
) => `<?xml version="1.0"?><!DOCTYPE concept PUBLIC "-//OASIS//DTD DITA Concept//EN" "concept.dtd">
<concept id="c"><title>A topic</title><conbody>${body}</conbody></concept>`;
const bomb = `<!DOCTYPE a [${Array.from({ length: 20 }, (_, n) => `<!ENTITY e${n} "${n === 0 ? 'ha' : `&e${n - 1};&e${n - 1};&e${n - 1};`}">`).join('')}]><a>&e19;</a>`;
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('assets over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('facts of each file are worked out and written on the asset', async () => {
    const folder = '/content/dam/sound';
    await client.upload({
      [`${folder}/a.xml`]: topic(
        '<p id="p"><xref href="b/b.md"/><xref href="gone.xml"/><xref href="http://x.org" scope="external"/></p>',
      ),
      [`${folder}/b/b.md`]: '# B\n\n[back](../a.xml) ![dot](dot.png)\n',
      [`${folder}/b/dot.png`]: png,
    });
    const { result } = await client.run('process-assets', { folder });
    expect(result).toMatchObject({ files: 3, processed: 3, failed: 0, missing: 0 });
    expect(result.references).toMatchObject({ internal: 3, broken: 1, external: 1 });
    const asset = await client.get(`/assets?path=${folder}/a.xml`);
    expect(asset).toMatchObject({
      status: 'processed',
      title: 'A topic',
      fileKind: 'dita-topic',
      wellFormed: true,
    });
    expect(asset.ids).toContain('c');
    expect(asset.references).toContainEqual(
      expect.objectContaining({ target: 'b/b.md', path: `${folder}/b/b.md` }),
    );
    expect(asset.references).toContainEqual(expect.objectContaining({ target: 'gone.xml', broken: true }));
    expect(await client.get(`/assets?path=${folder}/b/dot.png`)).toMatchObject({
      mediaType: 'image/png',
      dimensions: { width: 1, height: 1 },
    });
  });

  it('hostile files are recorded as failed with a reason and stop nobody', async () => {
    const folder = '/content/dam/hostile';
    await client.upload({
      [`${folder}/bomb.xml`]: bomb,
      [`${folder}/broken.dita`]: '<concept id="x"><title>no end',
      [`${folder}/deep.xml`]: '<a>'.repeat(100_000),
      [`${folder}/picture.xml`]: png,
      [`${folder}/sound.md`]: '# fine',
      [`${folder}/text.png`]: 'this is no picture',
      [`${folder}/huge.xml`]: `<a>${' '.repeat(17 * 1024 * 1024)}</a>`,
    });
    const job = await client.run('process-assets', { folder });
    expect(job).toMatchObject({ shownAs: 'Success', result: { files: 7, processed: 1, failed: 6 } });
    const codes = Object.fromEntries(
      job.result.failures.map((f: Shown) => [f.path.split('/').at(-1), f.code]),
    );
    expect(codes).toEqual({
      'bomb.xml': 'entity-bomb',
      'broken.dita': 'not-well-formed',
      'deep.xml': 'too-deep',
      'picture.xml': 'extension-mismatch',
      'text.png': 'extension-mismatch',
      'huge.xml': 'too-large',
    });
    expect(await client.get(`/assets?path=${folder}/broken.dita`)).toMatchObject({
      status: 'failed',
      failure: { code: 'not-well-formed', reason: expect.stringMatching(/\d+:\d+/) },
    });
  });

  it('a file that never arrived is reported as missing, also where an older one is there', async () => {
    const folder = '/content/dam/late';
    await client.upload({ [`${folder}/never.txt`]: undefined, [`${folder}/again.txt`]: 'first' });
    await client.upload({ [`${folder}/again.txt`]: undefined });
    const { result } = await client.run('process-assets', { folder });
    expect(result).toMatchObject({
      missing: 2,
      missingFiles: [`${folder}/again.txt`, `${folder}/never.txt`],
    });
    await client.upload({ [`${folder}/again.txt`]: 'second time' });
    await client.run('process-assets', { folder });
    expect(await client.get(`/assets?path=${folder}/again.txt`)).toMatchObject({
      status: 'processed',
      size: 11,
    });
  });

  it('a file uploaded again keeps its id', async () => {
    const path = '/content/dam/same/a.txt';
    await client.upload({ [path]: 'one' });
    const { assetId } = await client.get(`/assets?path=${path}`);
    await client.upload({ [path]: 'two' });
    expect((await client.get(`/assets?path=${path}`)).assetId).toBe(assetId);
  });

  it('excluded folders are left out', async () => {
    const folder = '/content/dam/partly';
    await client.upload({ [`${folder}/a.txt`]: 'a', [`${folder}/out/b.txt`]: 'b' });
    const { result } = await client.run('process-assets', { folder, excludedFolders: [`${folder}/out`] });
    expect(result.files).toBe(1);
    expect(await client.get(`/assets?path=${folder}/out/b.txt`)).toMatchObject({ status: 'uploading' });
  });

  it('a folder is listed by name and by page, subfolders included', async () => {
    const folder = '/content/dam/listed';
    await client.upload({ [`${folder}/c.txt`]: 'c', [`${folder}/a/x.txt`]: 'x', [`${folder}/b.txt`]: 'b' });
    const first = await client.get(`/assets?folder=${folder}&limit=2`);
    expect(first.items.map((entry: Shown) => [entry.name, entry.kind])).toEqual([
      ['a', 'folder'],
      ['b.txt', 'asset'],
    ]);
    const second = await client.get(`/assets?folder=${folder}&limit=2&cursor=${first.nextCursor}`);
    expect(second.items.map((entry: Shown) => entry.name)).toEqual(['c.txt']);
    expect(second).not.toHaveProperty('nextCursor');
    expect((await client.send('GET', '/assets?folder=/content/dam/misspelt')).status).toBe(404);
  });

  it.each([
    ['outside the root', '/etc/passwd'],
    ['with a step up', '/content/dam/../x'],
    ['with an empty name', '/content/dam//x'],
    ['with a forbidden character', '/content/dam/a?b'],
    ['the root itself', '/content/dam'],
    ['too long', `/content/dam/${'x'.repeat(256)}`],
  ])('a path %s is refused with its pointer', async (_what, path) => {
    const files = [
      { path: '/content/dam/ok.txt', size: 1 },
      { path, size: 1 },
    ];
    const { status, body } = await client.send('POST', '/assets/uploads', { body: { files } });
    expect([status, body.errors[0].pointer]).toEqual([400, '/files/1/path']);
    expect((await client.send('GET', '/assets?path=/content/dam/ok.txt')).status).toBe(404);
  });

  it.each(['/content/dam/taken/file/below', '/content/dam/taken'])(
    'the path %s, taken by the other kind, refuses the whole request',
    async (path) => {
      await client.upload({ '/content/dam/taken/file': 'x' });
      const files = [
        { path: '/content/dam/free', size: 1 },
        { path, size: 1 },
      ];
      const { status, body } = await client.send('POST', '/assets/uploads', { body: { files } });
      expect([status, body.errors.map((fault: Shown) => fault.pointer)]).toEqual([409, ['/files/1/path']]);
      expect((await client.send('GET', '/assets?path=/content/dam/free')).status).toBe(404);
    },
  );

  it('1,000 files can be announced at once, and 1,001 cannot', async () => {
    const files = Array.from({ length: 1_001 }, (_, n) => ({ path: `/content/dam/many/${n}.txt`, size: n }));
    expect((await client.send('POST', '/assets/uploads', { body: { files } })).status).toBe(400);
    const { uploads } = await client.post('/assets/uploads', { files: files.slice(1) });
    expect(uploads.map((ticket: Shown) => ticket.path)).toEqual(files.slice(1).map((file) => file.path));
  });
});
