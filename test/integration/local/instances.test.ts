import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import { type Fixture, startFixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const misbehave = (way: string) => fixture.get(`/misbehave/${way}`);
const answers = z.object({ pid: z.number(), atOnce: z.number().optional() });
const pidOf = (text: string) => answers.parse(JSON.parse(text)).pid;

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const bugs = () => fixture.output().split('BUG').length;

const echoed = z.object({
  environment: z.record(z.string(), z.string()),
  context: z.record(z.string(), z.unknown()),
  remainingMs: z.number(),
});

const onLoopback = /^http:\/\/127\.0\.0\.1:\d+$/;

describe('a function instance (Lambda Developer Guide, "Lambda execution environment lifecycle")', () => {
  it('is used again for the next event', async () => {
    const pids = new Set<number>();
    for (let round = 0; round < 6; round++) pids.add(pidOf((await misbehave('well')).text));
    // A second one is started if an event comes before the first has settled.
    expect(pids.size).toBeLessThanOrEqual(2);
  });

  it('has the environment of the template and of Lambda, and nothing of the person’s own', async () => {
    const { environment } = echoed.parse(JSON.parse((await fixture.get('/echo/x')).text));
    expect(environment).toMatchObject({
      SEEN_TABLE: 'Fixture-Seen',
      AWS_LAMBDA_FUNCTION_NAME: 'Fixture-echo',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_SQS: expect.stringMatching(onLoopback),
      AWS_ENDPOINT_URL_DYNAMODB: expect.stringMatching(onLoopback),
      TZ: 'UTC',
    });
    expect(Object.keys(environment)).not.toContain('HOME');
    expect(Object.keys(environment)).not.toContain('JEST_WORKER_ID');
  });

  it('is told who it is and how much time is left', async () => {
    const { context, remainingMs } = echoed.parse(JSON.parse((await fixture.get('/echo/x')).text));
    expect(context).toMatchObject({
      functionName: 'Fixture-echo',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Fixture-echo',
    });
    expect(remainingMs).toBeGreaterThan(0);
    expect(remainingMs).toBeLessThanOrEqual(5000);
  });

  it('handles one event at a time ("can handle only one request at a time"); others get instances of their own, eight at most', async () => {
    const slow = await Promise.all(Array.from({ length: 12 }, () => misbehave('slow')));
    const reports = slow.map(({ text }) => answers.parse(JSON.parse(text)));
    expect(reports.map(({ atOnce }) => atOnce)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(new Set(reports.map(({ pid }) => pid)).size).toBeLessThanOrEqual(8);
  });

  it.each(['hang', 'spin'])('is killed when its time is up (%s)', async (way) => {
    const timedOut = /Sandbox.Timedout: RequestId: \S+ Error: Task timed out after 2.00 seconds/;
    expect(await misbehave(way)).toMatchObject({ status: 500 });
    await fixture.logged('misbehave', timedOut);
    const [, pid] = await fixture.logged('misbehave', new RegExp(`${way} in process (\\d+)`));
    await eventually(() => expect(isAlive(Number(pid))).toBe(false));
    expect(await misbehave('well')).toMatchObject({ status: 200 });
  });

  it('is killed when it takes more memory than it has', async () => {
    expect(await misbehave('hoard')).toMatchObject({ status: 500 });
    await fixture.logged('misbehave', /Runtime exited with error: signal: killed/);
  });

  it('that exits in the middle fails its invocation only', async () => {
    expect(await misbehave('exit')).toMatchObject({ status: 500 });
    await fixture.logged('misbehave', /Runtime.ExitError: Error: Runtime exited with error: exit status 3/);
    expect(await misbehave('well')).toMatchObject({ status: 200 });
  });

  it('that leaves work behind ("freezes the execution environment") is reported as a bug', async () => {
    await misbehave('leave');
    await eventually(() =>
      expect(fixture.output()).toMatch(/BUG of the function Fixture-misbehave: .*Timeout/),
    );
  });

  it('that keeps connections of the SDK alive is not', async () => {
    const before = bugs();
    for (let round = 0; round < 5; round++) expect(await misbehave('sdk')).toMatchObject({ status: 200 });
    // The report of an invocation comes before the instance takes the next event, and all those were of one instance.
    await misbehave('well');
    expect(bugs()).toBe(before);
  });
});
