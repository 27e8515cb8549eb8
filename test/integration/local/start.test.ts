import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { runningService } from '../../../local/data-folder/running-service.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningLonghaul, startLonghaul } from '../../support/service.ts';
import { root } from '../../support/service-process.ts';

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly errors: string;
}

const aFolder = () => mkdtempSync(join(tmpdir(), 'longhaul-test-'));

/** Runs a program to its end. */
function run(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  const settings = {
    cwd: root,
    env: { ...process.env, PORT: '0', LONGHAUL_DATA: aFolder(), ...environment },
  };
  return new Promise((resolve) => {
    const child = execFile(program, args, { ...settings, timeout: 20_000 }, (_error, out, errors) => {
      resolve({ exitCode: child.exitCode ?? -1, out, errors });
    });
  });
}

const start = (environment: Record<string, string>, ...flags: string[]) =>
  run(process.execPath, ['local/start.ts', ...flags], environment);

const token = (environment: Record<string, string>, ...args: string[]) =>
  run(process.execPath, ['local/token.ts', ...args], environment);

const claimsOf = (jwt: string): unknown =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

const subjectOf = (ended: Ended | undefined) =>
  z.object({ sub: z.string() }).parse(claimsOf(ended?.out ?? '')).sub;

describe('npm start', () => {
  let longhaul: RunningLonghaul;
  beforeAll(async () => {
    longhaul = await startLonghaul();
  });
  afterAll(() => longhaul[Symbol.asyncDispose]());

  it('prints a curl line that creates a job when it is pasted into another shell', async () => {
    const line = /^ +(curl .*)$/m.exec(longhaul.output())?.[1] ?? '';
    const { out } = await run('sh', ['-c', `cd / && ${line}`]);
    expect(JSON.parse(out)).toMatchObject({ operation: 'process-assets', jobId: expect.any(String) });
  });

  it('serves whoever has a token, and keeps the jobs over a restart', async () => {
    const jobs = async () => {
      const headers = { authorization: `Bearer ${await longhaul.token('operator')}` };
      return (await fetch(`${longhaul.url}/operations`, { headers })).status;
    };
    expect(await jobs()).toBe(200);
    longhaul = await longhaul.restart();
    expect(await jobs()).toBe(200);
  });

  it('can be found by its data folder while it runs', async () => {
    expect(runningService(longhaul.dataFolder)).toEqual({ pid: longhaul.pid, url: longhaul.url });
    expect(runningService(aFolder())).toBeUndefined();
  });

  it('ends with npm, even if npm had no time to pass the signal on', async () => {
    const environment = { PORT: '0', LONGHAUL_DATA: aFolder(), npm_lifecycle_event: 'start' };
    const script = `"${process.execPath}" local/start.ts & wait`;
    const npm = spawn('sh', ['-c', script], { cwd: root, env: { ...process.env, ...environment } });
    await eventually(() => expect(runningService(environment.LONGHAUL_DATA)).toBeDefined());
    npm.kill('SIGKILL');
    await eventually(() => expect(runningService(environment.LONGHAUL_DATA)).toBeUndefined());
  });

  it('refuses to forget the data of a service that runs', async () => {
    const refusal = await start({ LONGHAUL_DATA: longhaul.dataFolder }, '--fresh');
    expect(refusal).toMatchObject({ exitCode: 1, errors: expect.stringContaining(longhaul.url) });
  });

  it('forgets on request', async () => {
    await longhaul.stop();
    writeFileSync(join(longhaul.dataFolder, 'trace'), '');
    const child = spawn(process.execPath, ['local/start.ts', '--fresh'], {
      cwd: root,
      env: { ...process.env, PORT: '0', LONGHAUL_DATA: longhaul.dataFolder },
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect(exitCode).toBe(0);
    expect(readdirSync(longhaul.dataFolder)).not.toContain('trace');
    expect(await start({ LONGHAUL_DATA: longhaul.dataFolder, PORT: 'x' })).toMatchObject({ exitCode: 1 });
  });
});

describe('a start that cannot succeed says why, in one message, and ends with exit code 1', () => {
  it('the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const PORT = String(typeof address === 'object' ? address?.port : '');
    const refusal = await start({ PORT });
    expect(refusal.errors).toMatch(
      new RegExp(`^Longhaul cannot start: port ${PORT} is in use; .*PORT=\\d+ npm start\n$`),
    );
    expect(refusal.exitCode).toBe(1);
    server.close();
  });

  it.each([
    ['PORT is no port', { PORT: 'http' }, /PORT is "http"/],
    [
      'the data folder cannot be made',
      { LONGHAUL_DATA: join(root, 'package.json/data') },
      /the data folder .*package\.json\/data cannot be written/,
    ],
    [
      'DYNAMODB_ENDPOINT is dead',
      { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' },
      /127\.0\.0\.1:9, but no DynamoDB answers/,
    ],
  ])('%s', async (_why, environment, message) => {
    const refusal = await start(environment);
    expect(refusal).toMatchObject({ exitCode: 1, errors: expect.stringMatching(message) });
    expect(refusal.errors).not.toContain('    at ');
  });

  // With another database no emulator is looked for.
  const itWithEmulator = process.env['DYNAMODB_ENDPOINT'] === undefined ? it : it.skip;
  itWithEmulator('there is no emulator for this platform', async () => {
    const elsewhere = "data:text/javascript,Object.defineProperty(process,'platform',{value:'sunos'})";
    const refusal = await run(process.execPath, ['--import', elsewhere, 'local/start.ts']);
    expect(refusal.errors).toMatch(
      /@dynoxide\/sunos-\w+ is not installed[\s\S]*npm install[\s\S]*DYNAMODB_ENDPOINT=/,
    );
    expect(refusal.exitCode).toBe(1);
  });

  it('a flag is unknown', async () => {
    expect(await start({}, '--frehs')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('usage:'),
    });
  });
});

describe('npm run token', () => {
  it('prints nothing but a token, for the same user every time', async () => {
    const LONGHAUL_DATA = aFolder();
    const [first, second] = await Promise.all([
      token({ LONGHAUL_DATA }, 'admin'),
      token({ LONGHAUL_DATA }, 'admin'),
    ]);
    expect(first?.out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const claims = claimsOf(first?.out ?? '');
    expect(claims).toMatchObject({ 'cognito:groups': ['admin'], token_use: 'access', name: 'Local admin' });
    expect(subjectOf(first)).toBe(subjectOf(second));
  });

  it('names another user of the role on request', async () => {
    const { out } = await token(
      {},
      'operator',
      '--name',
      'Ada',
      '--sub',
      '5f0c1a52-0000-4000-8000-000000000001',
    );
    expect(claimsOf(out)).toMatchObject({ name: 'Ada', sub: '5f0c1a52-0000-4000-8000-000000000001' });
  });

  it('refuses a role that does not exist', async () => {
    const refusal = await token({}, 'root');
    expect(refusal).toMatchObject({
      exitCode: 2,
      out: '',
      errors: expect.stringContaining('"root" is not a role'),
    });
  });
});
