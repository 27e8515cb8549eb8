import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { inspectFile } from '../../../../shared/assets/inspect/inspect-file.ts';
import { Inspector, type InspectorOptions } from '../../../../shared/assets/inspect/inspector.ts';
import { bytesOf, dita } from '../../../support/inspect/files.ts';

const workerUrl = new URL('../../../../shared/assets/inspect/worker.ts', import.meta.url);
const misbehaving = new URL('../../../support/inspect/misbehaving-worker.ts', import.meta.url);

const opened: Inspector[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((inspector) => inspector.close()));
});

function inspectorWith(options: Partial<InspectorOptions>): Inspector {
  const inspector = new Inspector({ workerUrl, ...options });
  opened.push(inspector);
  return inspector;
}

const topic = bytesOf(dita('<xref href="b.xml"/>'));

describe('an inspector', () => {
  it('answers what inspectFile does', async () => {
    expect(await inspectorWith({}).inspect('a.xml', topic)).toEqual(await inspectFile('a.xml', topic));
  });

  it('takes one file after the other, in order', async () => {
    const inspector = inspectorWith({});
    const names = Array.from({ length: 50 }, (_, n) => n);
    const inspections = await Promise.all(names.map((n) => inspector.inspect('a.md', bytesOf(`# ${n}`))));
    expect(inspections.map(({ document }) => document?.title)).toEqual(names.map(String));
  });

  it('leaves the bytes to the caller, and sees only those that it is given', async () => {
    const whole = bytesOf(`secret ${dita('')}`);
    const view = whole.subarray(7);
    const inspection = await inspectorWith({}).inspect('a.xml', view);
    expect(inspection).toMatchObject({
      size: view.length,
      kind: 'dita-topic',
      document: { wellFormed: true },
    });
    expect(Buffer.from(whole).toString()).toMatch(/^secret </);
  });
});

describe('a file that breaks a limit', () => {
  it.each([
    ['loop', 'took-too-long', /longer than 0.5 s/],
    ['hoard', 'out-of-memory', /more than 48 MB/],
    ['exit', 'crashed', /exit code 3/],
    ['throw', 'crashed', /a bug in the parser/],
    ['mumble', 'crashed', /something else/],
  ])('%s: failed as %s, and the next file is inspected', async (misdeed, code, reason) => {
    const timeLimitMs = misdeed === 'loop' ? 500 : 20_000;
    const inspector = inspectorWith({ workerUrl: misbehaving, timeLimitMs, memoryLimitMb: 48 });
    const [failed, next] = await Promise.all([
      inspector.inspect(misdeed, topic),
      inspector.inspect('a.xml', topic),
    ]);
    expect(failed).toMatchObject({ size: topic.length, sha256: next?.sha256, kind: 'dita-topic' });
    expect(failed?.failure).toEqual({ code, reason: expect.stringMatching(reason) });
    expect(next?.failure).toBeUndefined();
  });

  it('really stops: labels that take the parser long', async () => {
    const labels = bytesOf('[a][b'.repeat(1_500_000));
    const inspection = await inspectorWith({ timeLimitMs: 300 }).inspect('a.md', labels);
    expect(inspection).toMatchObject({ kind: 'markdown', failure: { code: 'took-too-long' } });
  });

  it.each([
    ['words', 'Some words that fill the page, and go on for a while.\n\n', undefined],
    ['links in a list', '- [aaaa](bbbb)\n', 'too-many-facts'],
    ['quotes', '> Some words that somebody else has said.\n\n', undefined],
    ['HTML', '<p id="aaaa" class="b">c</p>\n\n', undefined],
    ['a dense table', '| a | b | c | d |\n|---|---|---|---|\n', 'too-large'],
    ['one dense paragraph', '*a* ', 'too-large'],
  ])('but no 7 MB of Markdown do: %s', async (_, piece, code) => {
    const inspection = await inspectorWith({}).inspect('a.md', Buffer.alloc(7_000_000, piece));
    expect(inspection.failure?.code).toBe(code);
    expect(inspection.document).toBeDefined();
  });
});

describe('stopping an inspector', () => {
  it('an aborted signal rejects with its reason and ends the work', async () => {
    const inspector = inspectorWith({ workerUrl: misbehaving });
    const stop = new AbortController();
    const looping = inspector.inspect('loop', topic, stop.signal);
    const waiting = inspector.inspect('a.xml', topic, stop.signal);
    const other = inspector.inspect('a.xml', topic);
    stop.abort(new Error('enough'));
    await expect(looping).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect((await other).failure).toBeUndefined();
  });

  it('closing rejects what is under way and what comes later', async () => {
    const inspector = inspectorWith({ workerUrl: misbehaving });
    const looping = inspector.inspect('loop', topic);
    const rejected = expect(looping).rejects.toThrow('The inspector was closed.');
    await inspector.close();
    await rejected;
    await expect(inspector.inspect('a.xml', topic)).rejects.toThrow('The inspector was closed.');
  });

  it('a script that cannot be started is no fault of the file: it rejects', async () => {
    const inspector = inspectorWith({ workerUrl: new URL('missing.ts', misbehaving) });
    await expect(inspector.inspect('a.xml', topic)).rejects.toThrow('could not be started');
  });

  it('an idle worker does not keep the process alive', async () => {
    const script = `
      const { Inspector } = await import(${JSON.stringify(new URL('inspector.ts', workerUrl).href)});
      const inspector = new Inspector({ workerUrl: new URL(${JSON.stringify(workerUrl.href)}) });
      console.log((await inspector.inspect('a.md', Buffer.from('# x'))).kind);`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 15_000,
    });
    expect((await run).stdout.trim()).toBe('markdown');
  });
});

describe('the bundle of the worker', () => {
  it('is small, and does the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
    try {
      const file = join(folder, 'inspect-file.mjs');
      const options =
        '--bundle --minify --format=esm --platform=node --target=node24 --main-fields=module,main --log-level=warning';
      execFileSync(join('node_modules', '.bin', 'esbuild'), [
        'shared/assets/inspect/worker.ts',
        ...options.split(' '),
        `--outfile=${file}`,
      ]);
      expect(statSync(file).size).toBeLessThan(600_000);
      const inspector = inspectorWith({ workerUrl: pathToFileURL(file) });
      for (const [name, text] of [
        ['a.xml', dita('')],
        ['a.md', '# x\n\n<a href="b">'],
        ['a.html', '<p>x'],
      ] as const) {
        expect(await inspector.inspect(name, bytesOf(text))).toEqual(await inspectFile(name, bytesOf(text)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
