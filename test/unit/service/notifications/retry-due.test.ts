import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { reprocess } from '../../../../shared/operations/reprocess.ts';
import type { FailedDelivery, JobEvent } from '../../../../shared/service/notifications/ports.ts';
import { resend } from '../../../../shared/service/notifications/resend.ts';
import { resendDue } from '../../../../shared/service/notifications/resend-due.ts';
import { MOST_ATTEMPTS, retryAtAfter } from '../../../../shared/service/notifications/retries.ts';
import { type Postman, retryDue } from '../../../../shared/service/notifications/retry-due.ts';
import { at } from '../../../support/a-job.ts';
import { anOperation, aWorld } from '../../../support/a-world.ts';
import { MemoryDeliveries } from '../../../support/memory/memory-deliveries.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';
import { overdueIn } from '../../../support/overdue.ts';
import { runOperation } from '../../../support/run-operation.ts';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const message = { channel: 'event', event: { type: 'Job Completed', at: at(), detail: {} } } as const;

const aFailure = (n: number): FailedDelivery => ({
  deliveryId: `delivery-${1_000 + n}`,
  jobId: 'a',
  message,
  error: 'Throttled',
  attempts: 1,
  failedOn: at(),
  ...retryAtAfter(1, NOON),
});

const log: (text: string, facts: Record<string, string>) => void = () => {};

/** A service one of whose channels is down, with so many events that it did not take. */
async function unsent(count: number) {
  const world = aWorld(anOperation());
  const deliveries = new MemoryDeliveries();
  const taken: JobEvent[] = [];
  const channel = { isDown: true, asked: 0 };
  const outlets = {
    async event(event: JobEvent) {
      channel.asked++;
      if (channel.isDown) throw new Error('It is down.');
      taken.push(event);
    },
  };
  const resender = { deliveries, outlets, clock: world.clock, log };
  const postman: Postman = { resendDue: (request) => resendDue(request, resender) };
  for (let n = 0; n < count; n++) await deliveries.putFailed(aFailure(n));
  const scan = async (with_: Postman = postman) =>
    (
      await runOperation(reprocess, {
        repositories: { mender: world, postman: with_, ...overdueIn(world) },
        clock: world.clock,
      })
    ).result;
  const failed = () => deliveries.list({ before: undefined, limit: 99 });
  return { world, deliveries, taken, channel, resender, postman, scan, failed };
}

describe('what a channel did not take', () => {
  it('is sent again by the scan once its back-off is over, once each', async () => {
    const { world, channel, scan, taken, failed } = await unsent(25);
    channel.isDown = false;
    expect(await scan()).toMatchObject({ retried: 0, sent: 0 });
    world.clock.advance(QUARTER_MS);
    expect(await scan()).toMatchObject({ retried: 25, sent: 25 });
    expect([taken.length, await failed()]).toEqual([25, []]);
    world.clock.advance(DAY_MS);
    expect(await scan()).toMatchObject({ retried: 0 });
  });

  it('is tried a bounded number of times, more and more rarely, and then stays for admins', async () => {
    const { world, scan, failed, channel, resender } = await unsent(1);
    const triedAfter: number[] = [];
    for (let turn = 1; turn <= (2 * DAY_MS) / QUARTER_MS; turn++) {
      world.clock.advance(QUARTER_MS);
      const before = channel.asked;
      await scan();
      if (channel.asked > before) triedAfter.push(turn);
    }
    expect(triedAfter).toEqual([1, 3, 9, 27, 81]);
    expect(await failed()).toMatchObject([{ attempts: MOST_ATTEMPTS, error: 'Error: It is down.' }]);
    expect((await failed())[0]).not.toHaveProperty('retryAt');
    channel.isDown = false;
    const { deliveryId } = aFailure(0);
    expect(await resend({ deliveryId }, resender)).toMatchObject({ is: 'sent' });
  });

  it('is sent by one of two scans, and not by a scan while an admin has it sent', async () => {
    const { world, channel, scan, taken, resender } = await unsent(12);
    channel.isDown = false;
    world.clock.advance(QUARTER_MS);
    await Promise.all([scan(), scan(), resend({ deliveryId: 'delivery-1003' }, resender)]);
    expect(taken).toHaveLength(12);
  });

  it('whose date has moved is left alone, and the old date is forgotten', async () => {
    const { world, deliveries, resender, taken, channel } = await unsent(1);
    channel.isDown = false;
    const { deliveryId, retryAt = '' } = aFailure(0);
    await deliveries.claim(aFailure(0), at(DAY_MS));
    world.clock.advance(QUARTER_MS);
    expect(await resend({ deliveryId, retryAt }, resender)).toEqual({ is: 'taken' });
    expect([taken, await deliveries.due({ by: at(QUARTER_MS), after: undefined, limit: 9 })]).toEqual([
      [],
      [],
    ]);
  });

  it('holds up no other where it cannot be tried', async () => {
    const { world, channel, resender, scan, taken } = await unsent(12);
    channel.isDown = false;
    world.clock.advance(QUARTER_MS);
    const claim = resender.deliveries.claim.bind(resender.deliveries);
    resender.deliveries.claim = async (failed, retryAt) => {
      if (failed.deliveryId === 'delivery-1003') throw new Error('Too many requests.');
      return claim(failed, retryAt);
    };
    expect(await scan()).toMatchObject({ retried: 11, sent: 11 });
    resender.deliveries.claim = claim;
    expect(await scan()).toMatchObject({ retried: 1, sent: 1 });
    expect(taken).toHaveLength(12);
  });

  it('holds up no other where a whole page of them cannot be tried, and the log says which', async () => {
    const { world, channel, resender, scan, taken } = await unsent(25);
    channel.isDown = false;
    world.clock.advance(QUARTER_MS);
    const said: object[] = [];
    const claim = resender.deliveries.claim.bind(resender.deliveries);
    resender.deliveries.claim = async (failed, retryAt) => {
      if (failed.deliveryId < 'delivery-1012') throw new Error('Too many requests.');
      return claim(failed, retryAt);
    };
    resender.log = (text: string, facts: object) => void said.push({ text, ...facts });
    expect(await scan()).toMatchObject({ retried: 13, sent: 13 });
    expect([taken.length, said.length]).toEqual([13, 12]);
    expect(said[0]).toEqual({
      text: 'a notification could not be tried again',
      deliveryId: 'delivery-1000',
      retryAt: expect.any(String),
      error: 'Error: Too many requests.',
    });
  });

  it('is asked for from where the page before ended, and a failure to ask is in the log of the scan', async () => {
    const said: object[] = [];
    const asked: unknown[] = [];
    const round: Parameters<typeof retryDue>[1] = {
      async resendDue(request: object) {
        asked.push(request);
        throw new Error('Too many requests.');
      },
      signal: new AbortController().signal,
      log: (text, facts) => void said.push({ text, ...facts }),
    };
    for (const from of [undefined, '', 'a/b'])
      expect(await retryDue({ by: at(), from }, round)).toEqual({ found: {} });
    expect(asked).toStrictEqual([
      { due: { by: at() } },
      { due: { by: at() } },
      { due: { by: at(), after: 'a/b' } },
    ]);
    const entry = {
      text: 'Messages could not be sent again; the next scan tries.',
      level: 'warn',
      error: 'Error: Too many requests.',
    };
    expect(said).toEqual([entry, entry, entry]);
  });

  it('holds up no scan where nobody answers', async () => {
    const { world, scan } = await unsent(12);
    world.clock.advance(QUARTER_MS);
    const broken: Postman = { resendDue: () => Promise.reject(new Error('Too many requests.')) };
    expect(await scan(broken)).toMatchObject({ retried: 0, sent: 0 });
    expect(await scan()).toMatchObject({ retried: 12, sent: 0 });
  });

  it('holds up no scan however much it is and however slow the channel: the next one begins in time', async () => {
    const { world, scan, postman } = await unsent(400);
    world.clock.advance(QUARTER_MS);
    const began = world.clock();
    const slow: Postman = {
      async resendDue(request, signal) {
        world.clock.advance(9_000);
        return postman.resendDue(request, signal);
      },
    };
    const { retried } = z.object({ retried: z.number() }).parse(await scan(slow));
    expect(retried).toBeGreaterThan(300);
    expect(retried).toBeLessThan(400);
    expect(world.clock() - began).toBeLessThan(QUARTER_MS / 2);
    expect(await scan()).toMatchObject({ retried: 400 - retried });
  });

  it('is waited for no longer than the slice', async () => {
    const controller = new AbortController();
    const waiting = retryDue(
      { by: at(), from: 'a/b' },
      {
        resendDue: (_request, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('Nobody listens any more.')));
            controller.abort();
          }),
        signal: controller.signal,
        log: () => {},
      },
    );
    expect(await waiting).toEqual({ found: {}, next: 'a/b' });
  });

  it('is looked at again when the slice was over', async () => {
    const { world, postman } = await unsent(12);
    world.clock.advance(QUARTER_MS);
    const query = { by: at(QUARTER_MS), from: undefined };
    const controller = new AbortController();
    const cut = await retryDue(query, {
      async resendDue(request, signal) {
        await postman.resendDue(request, signal);
        controller.abort();
        throw new Error('The answer came too late.');
      },
      signal: controller.signal,
      log: () => {},
    });
    expect(cut).toEqual({ found: {}, next: '' });
    const whole = { ...postman, signal: new AbortController().signal, log: () => {} };
    expect(await retryDue({ ...query, from: cut.next }, whole)).toEqual({ found: { retried: 2, sent: 0 } });
  });
});
