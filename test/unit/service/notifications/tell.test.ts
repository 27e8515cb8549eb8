import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import { hourlyLimit } from '../../../../shared/service/notifications/hourly-limit.ts';
import { notificationOf, timedId } from '../../../../shared/service/notifications/notification.ts';
import type { JobEvent, Mail, Outlets } from '../../../../shared/service/notifications/ports.ts';
import { resend } from '../../../../shared/service/notifications/resend.ts';
import { retryAtAfter } from '../../../../shared/service/notifications/retries.ts';
import { inDays, tell } from '../../../../shared/service/notifications/tell.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { MemoryDeliveries } from '../../../support/memory/memory-deliveries.ts';
import { MemoryInbox } from '../../../support/memory/memory-inbox.ts';
import { MemorySettings } from '../../../support/memory/memory-settings.ts';
import { NOON, settableClock } from '../../../support/memory/settable-clock.ts';

const over = (facts: Partial<Job> = {}) =>
  aJob({ statusCode: Status.Succeeded, completedOn: at(500), modifiedOn: at(500), ...facts });
const COMPLETED = { email: { 'count-to': true }, events: 'completed', consoleUrl: null } as const;
const ALL = { email: {}, events: 'all', consoleUrl: null } as const;
const page = { before: undefined, limit: 99, unreadOnly: false };

/** Channels that keep what they are given, and refuse while they are said to be down. */
function channels() {
  const mails: Mail[] = [];
  const events: JobEvent[] = [];
  const down = new Set<string>();
  const take = <T>(kind: string, into: T[]) => {
    return async (message: T): Promise<void> => {
      if (down.has(kind)) throw new Error(`${kind} is down`);
      into.push(message);
    };
  };
  const outlets: Outlets = { mail: take('mail', mails), event: take('event', events) };
  return { mails, events, down, outlets };
}

async function aTeller() {
  const told = channels();
  const inbox = new MemoryInbox();
  await inbox.putProfile('olga', { email: 'olga@example.com' });
  const said: object[] = [];
  const teller = {
    inbox,
    deliveries: new MemoryDeliveries(),
    isTooMany: hourlyLimit(inbox),
    outlets: told.outlets,
    settings: new MemorySettings(),
    operations: new Map(),
    clock: settableClock(),
    log: (text: string, facts: object) => void said.push({ text, ...facts }),
  };
  const failed = () => teller.deliveries.list({ before: undefined, limit: 99 });
  return { ...told, teller, inbox, failed, said };
}
const change = (job: Job, before?: Job['statusCode']) => ({
  changeId: `${job.jobId}/${job.statusCode}`,
  job,
  ...(before !== undefined && { before }),
});

describe('the end of a job', () => {
  it('is told by every channel once, however often it comes', async () => {
    const { teller, inbox, mails, events } = await aTeller();
    const end = change(over(), Status.InProgress);
    for (let time = 0; time < 3; time++) await tell(end, COMPLETED, teller);
    expect([(await inbox.list('olga', page)).length, mails.length, events.length]).toEqual([1, 1, 1]);
    expect(events).toMatchObject([
      { type: 'Job Completed', detail: { statusCode: 30, statusCodeBefore: 20 } },
    ]);
  });

  it.each([
    [{}, 'count-to - SUCCESS', '"Count" has completed successfully.'],
    [{ statusCode: Status.Canceled }, 'count-to - STOPPED', '"Count" was canceled.'],
    [{ statusCode: Status.Failed }, 'count-to - FAIL', '"Count" has failed.'],
    [{ statusCode: Status.Failed, message: 'E1' }, 'count-to - FAIL', '"Count" has failed: E1'],
    [
      { statusCode: Status.Failed, message: 'E1', friendlyMessage: 'No disk.' },
      'count-to - FAIL',
      '"Count" has failed: No disk.',
    ],
  ])('is said in words: %j', async (facts, title, text) => {
    const { teller, inbox } = await aTeller();
    await tell(change(over(facts)), COMPLETED, teller);
    expect(await inbox.list('olga', page)).toMatchObject([{ title, text, createdOn: at(500) }]);
  });

  it('that has deleted itself has no link', async () => {
    const { teller, inbox } = await aTeller();
    await tell(change(over({ deleteOnSuccess: true })), COMPLETED, teller);
    expect((await inbox.list('olga', page))[0]).not.toHaveProperty('link');
  });

  it('is told again for a job that a client created anew under its id', async () => {
    const { teller, inbox } = await aTeller();
    const first = over();
    await tell(change(first), COMPLETED, teller);
    await tell(change({ ...first, sequence: first.sequence + 1 }), COMPLETED, teller);
    expect(await inbox.list('olga', page)).toHaveLength(2);
  });

  it('is told of no job of the service itself, and of no write that changes no state', async () => {
    const { teller, inbox, events } = await aTeller();
    await tell(change(over({ isPlatformGenerated: true })), COMPLETED, teller);
    await tell(change(over(), Status.Succeeded), COMPLETED, teller);
    expect([await inbox.list('olga', page), events]).toEqual([[], []]);
  });

  it('of a program’s job is an event and no entry, once', async () => {
    const { teller, inbox, events } = await aTeller();
    await inbox.putProfile('robot', { isMachine: true });
    const end = change(over({ ownerId: 'robot' }));
    for (let time = 0; time < 2; time++) await tell(end, COMPLETED, teller);
    expect([await inbox.list('robot', page), events.length]).toEqual([[], 1]);
  });

  it('is no event where none are wanted, and of a program’s job nothing is kept then', async () => {
    const { teller, inbox, events, mails } = await aTeller();
    const none = { ...COMPLETED, events: 'none' } as const;
    await tell(change(over()), none, teller);
    expect([events, mails.length, (await inbox.list('olga', page)).length]).toEqual([[], 1, 1]);
    await inbox.putProfile('robot', { isMachine: true });
    const end = change(over({ ownerId: 'robot' }));
    await tell(end, none, teller);
    expect([events, await inbox.isTold(notificationOf(end.job, undefined))]).toEqual([[], false]);
    await tell(end, COMPLETED, teller);
    expect(await inbox.isTold(notificationOf(end.job, undefined))).toBe(true);
  });

  it('is no mail where the switch is off, where there is no address, and where there is no sender', async () => {
    const { teller, inbox, mails, failed } = await aTeller();
    await tell(change(over()), ALL, teller);
    await tell(change(over({ ownerId: 'nobody-knows' })), COMPLETED, teller);
    const { mail: _none, ...mailless } = teller.outlets;
    await tell(change(over()), COMPLETED, { ...teller, outlets: mailless });
    expect([mails, await failed(), (await inbox.list('olga', page)).length]).toEqual([[], [], 2]);
  });
});

const mailed = async (consoleUrl: string | null, facts: Partial<Job> = {}) => {
  const { teller, mails } = await aTeller();
  await tell(change(over({ jobId: 'a-job', ...facts })), { ...COMPLETED, consoleUrl }, teller);
  return mails[0];
};

describe('a mail', () => {
  it.each([
    ['https://example.com/', 'https://example.com/jobs/a-job'],
    ['https://example.com/console/#/', 'https://example.com/console/#/jobs/a-job'],
    ["https://example.com/'&x#", "https://example.com/'&x#/jobs/a-job"],
  ])('links to the job in the console at %s', async (consoleUrl, address) => {
    const mail = await mailed(consoleUrl);
    expect(mail?.text.split('\n')).toContain(address);
    const escaped = address.replaceAll('&', '&amp;').replaceAll("'", '&#39;');
    expect(mail?.html).toContain(`<a href="${escaped}">`);
  });

  it('has no link where there is no console, or no job any more', async () => {
    for (const mail of [
      await mailed(null),
      await mailed('https://example.com/', { deleteOnSuccess: true }),
    ]) {
      expect(mail?.text).toContain('Job: a-job');
      expect(`${mail?.text} ${mail?.html}`).not.toMatch(/http|href|undefined|null/);
    }
  });
});

describe('a channel that fails', () => {
  it('holds no other up, is seen, and what it did not take is sent again once', async () => {
    const { teller, inbox, mails, events, down, failed, said } = await aTeller();
    down.add('mail');
    const end = change(over());
    for (let time = 0; time < 2; time++) await tell(end, COMPLETED, teller);
    const entries = await inbox.list('olga', page);
    expect([entries.length, events.length]).toEqual([1, 1]);
    const id = `${entries[0]?.notificationId}-mail`;
    const failure = { deliveryId: id, jobId: end.job.jobId, error: 'Error: mail is down' };
    const mail = expect.objectContaining({ to: 'olga@example.com', subject: 'count-to - SUCCESS' });
    expect(await failed()).toEqual([
      {
        ...failure,
        message: { channel: 'mail', mail },
        attempts: 1,
        failedOn: at(),
        ...retryAtAfter(1, NOON),
      },
    ]);
    expect(said).toEqual([{ text: 'a notification could not be sent', ...failure }]);
    expect(await resend({ deliveryId: id }, teller)).toMatchObject({
      is: 'failed',
      delivery: { attempts: 2 },
    });
    expect(await failed()).toMatchObject([{ attempts: 2 }]);
    down.clear();
    expect(await resend({ deliveryId: id }, teller)).toMatchObject({ is: 'sent', delivery: { attempts: 3 } });
    expect(await resend({ deliveryId: id }, teller)).toEqual({ is: 'gone' });
    expect([mails.length, await failed()]).toEqual([1, []]);
  });

  it('is given a delivery by one of two who ask at once', async () => {
    const { teller, mails, down, failed } = await aTeller();
    down.add('mail');
    await tell(change(over()), COMPLETED, teller);
    down.clear();
    const [{ deliveryId } = { deliveryId: '' }] = await failed();
    const both = await Promise.all([resend({ deliveryId }, teller), resend({ deliveryId }, teller)]);
    expect(both.map(({ is }) => is).toSorted()).toEqual(['sent', 'taken']);
    expect(mails).toHaveLength(1);
  });
});

describe('changes before the end', () => {
  it('that are not taken are kept with their own ids, one for each change', async () => {
    const { teller, failed, down } = await aTeller();
    down.add('event');
    const job = aJob({ statusCode: Status.InProgress });
    for (const changeId of ['c1', 'c2', 'c2']) await tell({ changeId, job }, ALL, teller);
    const ids = ['c1', 'c2'].map((changeId) => `${timedId(at(), changeId)}-event`);
    expect((await failed()).map(({ deliveryId }) => deliveryId).toSorted()).toEqual(ids.toSorted());
    expect((await failed()).map(({ jobId }) => jobId)).toEqual([job.jobId, job.jobId]);
  });

  it('are events where the setting says so', async () => {
    const { teller, events, inbox } = await aTeller();
    const steps = [
      change(aJob()),
      change(aJob({ statusCode: Status.InProgress }), Status.WaitingForResources),
    ];
    for (const step of steps) await tell(step, COMPLETED, teller);
    expect(events).toEqual([]);
    for (const step of steps) await tell(step, ALL, teller);
    expect(events).toMatchObject([
      { type: 'Job State Changed', detail: { shownAs: 'Queued', statusCodeBefore: null } },
      { type: 'Job State Changed', detail: { shownAs: 'Active', statusCodeBefore: 0 } },
    ]);
    expect(await inbox.list('olga', page)).toEqual([]);
  });
});

it('counts days as DynamoDB does: in whole seconds since 1970', () => {
  expect(inDays(30, { clock: settableClock(NOON + 999) })).toBe(NOON / 1_000 + 30 * 86_400);
});
