import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LambdaFunction } from '../../../local/lambda/function.ts';
import { Instances, type InvokedBy, isThrottled, type PlaceLimits } from '../../../local/lambda/instances.ts';
import { type Child, Children } from '../../../local/processes/children.ts';
import { eventually } from '../../support/eventually.ts';

const program = (path: string) => fileURLToPath(new URL(`../../../local/${path}.ts`, import.meta.url));

const taskRoot = mkdtempSync(join(tmpdir(), 'longhaul-places-'));
writeFileSync(
  join(taskRoot, 'index.mjs'),
  `export async function handler({ ms }) {
     await new Promise((resolve) => setTimeout(resolve, ms));
     return process.pid;
   }`,
);

const aFunction = (name: string): LambdaFunction => ({
  name,
  arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  timeoutMs: 10_000,
  memoryMb: 256,
  environment: { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: taskRoot },
});

const [one, other] = [aFunction('one'), aFunction('other')];

let running: readonly Child[];
let children: Children;
let instances: Instances;
let finished: string[];

beforeEach(() => {
  running = [];
  finished = [];
  children = new Children(program('processes/guardian'), {
    onChange: (now) => {
      running = now;
    },
    onGuardianLost: () => {},
  });
});

afterEach(async () => {
  await instances.close();
  await children.close();
});

function withLimits(limits: Partial<PlaceLimits>): void {
  const around = { children, bootstrap: program('lambda/bootstrap'), log: () => {}, reportBug: () => {} };
  instances = new Instances(around, { places: 1, keptForRequests: 0, ...limits });
}

/** Runs for so long and notes its name at the end. */
async function invoke(
  label: string,
  { fn = one, by = 'request', ms = 50, patienceMs = 10_000 }: Invocation = {},
) {
  const result = await instances.invoke(fn, JSON.stringify({ ms }), { by, patienceMs });
  finished.push(isThrottled(result) ? `${label} throttled` : label);
  return result;
}

interface Invocation {
  readonly fn?: LambdaFunction;
  readonly by?: InvokedBy;
  readonly ms?: number;
  readonly patienceMs?: number;
}

describe('places for function instances', () => {
  it('requests are served before what comes from a queue, each in order of arrival', async () => {
    withLimits({});
    const labels = ['first', 'queued 1', 'queued 2', 'asked 1', 'asked 2'];
    await Promise.all(
      labels.map((label) => invoke(label, { by: label.startsWith('queued') ? 'queue' : 'request' })),
    );
    expect(finished).toEqual(['first', 'asked 1', 'asked 2', 'queued 1', 'queued 2']);
  });

  it('the idle instance of another function makes room', async () => {
    withLimits({});
    await invoke('one');
    await invoke('other', { fn: other });
    await eventually(() => expect(running.map(({ what }) => what)).toEqual(['function other']));
  });

  it('whoever meets a busy instance of its function gets that one rather than a new one', async () => {
    withLimits({ places: 8, atOnce: 1 });
    await invoke('first'); // loaded
    const quick = await Promise.all(['a', 'b', 'c'].map((label) => invoke(label, { ms: 0 })));
    expect(new Set(quick.map((result) => JSON.stringify(result))).size).toBe(1);
  });

  it('… but waits for it only so long', async () => {
    withLimits({ places: 8, atOnce: 1 });
    const long = invoke('long', { ms: 60_000 });
    await invoke('quick');
    expect(finished).toEqual(['quick']);
    await instances.close();
    await long;
  });

  it('no idle instance of another function is ended for an event that its own may take', async () => {
    withLimits({ places: 2 });
    await invoke('other', { fn: other });
    await invoke('loaded');
    await Promise.all([invoke('a', { ms: 0 }), invoke('b', { ms: 0 })]);
    expect(running.map(({ what }) => what)).toContain('function other');
  });

  it('an instance that stays idle is ended', async () => {
    withLimits({ idleMs: 300 });
    await invoke('one');
    expect(running).toHaveLength(1);
    await eventually(() => expect(running).toEqual([]));
  });

  it('who waits longer than it has patience is throttled, and does not run later', async () => {
    withLimits({});
    await Promise.all([invoke('long', { ms: 1000 }), invoke('impatient', { patienceMs: 100 })]);
    expect(finished).toEqual(['impatient throttled', 'long']);
    await eventually(() => expect(instances.hasPlaceFor(one, 'queue')).toBe(true));
    expect(finished).toHaveLength(2);
  });

  it('whether a queue may take a place can be told beforehand', async () => {
    withLimits({ places: 2, keptForRequests: 1 });
    expect(instances.hasPlaceFor(one, 'queue')).toBe(true);
    const queued = invoke('queued', { by: 'queue', ms: 300 });
    expect(instances.hasPlaceFor(one, 'queue')).toBe(false);
    expect(instances.hasPlaceFor(one, 'request')).toBe(true);
    await queued;
  });

  it('closing kills what runs and refuses what waits', async () => {
    withLimits({});
    const results = Promise.all([invoke('runs', { ms: 60_000 }), invoke('waits')]);
    await eventually(() => expect(running).toHaveLength(1));
    await instances.close();
    expect(await results).toMatchObject([
      { ok: false, error: { errorType: 'Runtime.ExitError' } },
      { ok: false },
    ]);
    expect(running).toEqual([]);
  });
});
