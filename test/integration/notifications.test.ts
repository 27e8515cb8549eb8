import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const entryOf = (who: ApiClient, jobId: string): Promise<Shown> =>
  eventually(async () => {
    const { items } = await who.get('/notifications');
    const found = items.find((item: Shown) => item.jobId === jobId);
    expect(found).toBeDefined();
    return found;
  }, 20_000);

describe('notifications, through the synthesised template', () => {
  let service: RunningLonghaul;
  let admin: ApiClient;
  const person = async (name: string) =>
    apiClient(service.url, await service.token('operator', { sub: v7(), name }));

  beforeAll(async () => {
    service = await startLonghaul();
    admin = apiClient(service.url, await service.token('admin', { name: 'Adam' }));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const caught = (kind: 'mail' | 'events'): Shown[] => {
    const file = join(service.dataFolder, 'caught', `${kind}.jsonl`);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line): Shown => JSON.parse(line));
  };
  const eventsOf = (jobId: string): Shown[] =>
    caught('events')
      .map((event) => ({ ...event, detail: JSON.parse(event.Detail) }))
      .filter(({ detail }) => detail.jobId === jobId);
  const mailsOf = (jobId: string): Shown[] =>
    caught('mail').filter(({ Content }) => Content.Simple.Body.Text.Data.includes(jobId));

  it('a job that ends is told to its owner alone, and to programs', async () => {
    const [olga, oscar] = [await person('Olga One'), await person('Oscar')];
    const { jobId } = await olga.run('diagnose', { steps: 1 });
    expect(await entryOf(olga, jobId)).toEqual({
      notificationId: expect.any(String),
      jobId,
      operation: 'diagnose',
      title: 'Diagnose - SUCCESS',
      text: '"Diagnose" has completed successfully.',
      link: `/jobs/${jobId}`,
      createdOn: expect.any(String),
    });
    expect(await oscar.get('/notifications')).toEqual({ items: [], unreadCount: 0 });
    expect(eventsOf(jobId)).toMatchObject([
      { Source: 'longhaul', DetailType: 'Job Completed', detail: { shownAs: 'Success', statusCode: 30 } },
    ]);
    expect(mailsOf(jobId)).toEqual([]);
  });

  it('entries are counted, read, deleted and paged, by their owner alone', async () => {
    const [olga, oscar] = [await person('Olga Two'), await person('Oscar')];
    for (let n = 0; n < 3; n++) {
      const { jobId } = await olga.run('diagnose', { steps: 1 });
      await entryOf(olga, jobId);
    }
    const first = await olga.get('/notifications?limit=2');
    expect([first.items.length, first.unreadCount]).toEqual([2, 3]);
    const second = await olga.get(`/notifications?limit=2&cursor=${first.nextCursor}`);
    expect(second.items).toHaveLength(1);
    expect(second).not.toHaveProperty('nextCursor');
    const { notificationId } = first.items[0];
    const path = `/notifications/${notificationId}`;
    for (const [method, at] of [['POST', `${path}/read`] as const, ['DELETE', path] as const])
      expect(await oscar.send(method, at)).toMatchObject({ status: 404 });
    const read = await olga.send('POST', `${path}/read`);
    expect(read).toMatchObject({ status: 200, body: { notificationId, readOn: expect.any(String) } });
    expect((await olga.send('POST', `${path}/read`)).body).toEqual(read.body);
    expect(await olga.get('/notifications?unread=true')).toMatchObject({
      unreadCount: 2,
      items: [
        { notificationId: first.items[1].notificationId },
        { notificationId: second.items[0].notificationId },
      ],
    });
    expect(await olga.send('DELETE', path)).toMatchObject({ status: 204 });
    expect(await olga.send('DELETE', path)).toMatchObject({ status: 404 });
    expect((await olga.get('/notifications')).items).toHaveLength(2);
  });

  it('all entries are read at once, or those up to one that was seen, and nobody else’s', async () => {
    const [olga, oscar] = [await person('Olga Seven'), await person('Oscar')];
    for (const who of [olga, olga, olga, oscar]) {
      const { jobId } = await who.run('diagnose', { steps: 1 });
      await entryOf(who, jobId);
    }
    const [, seen] = (await olga.get('/notifications')).items;
    const upTo = { upTo: seen.notificationId };
    expect(await olga.post('/notifications/read', upTo)).toEqual({ read: 2, hasMore: false });
    expect(await olga.get('/notifications')).toMatchObject({ unreadCount: 1 });
    expect(await olga.send('POST', '/notifications/read')).toMatchObject({
      status: 200,
      body: { read: 1, hasMore: false },
    });
    expect(await olga.get('/notifications?unread=true')).toEqual({ items: [], unreadCount: 0 });
    expect(await oscar.get('/notifications')).toMatchObject({ unreadCount: 1 });
    expect(await olga.send('POST', '/notifications/read', { body: { upTo: 'x' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/upTo' }] },
    });
  });

  it('a bulk verb over many jobs leaves a hundred entries or so, one for the rest, and its own', async () => {
    const MANY = 240;
    const olga = await person('Olga Eight');
    const order = { operation: 'diagnose', input: {}, name: 'flood', postponeUntil: '2099-01-01T00:00:00Z' };
    await olga.post('/jobs/batch', { jobs: Array.from({ length: MANY }, () => order) });
    const { jobId } = await olga.post('/jobs/bulk/cancel', { filter: "name eq 'flood'" });
    expect(await olga.over(jobId)).toMatchObject({ result: { done: MANY } });
    const told = await entryOf(olga, jobId);
    expect(told.text).toContain(`Canceled ${MANY} of ${MANY} jobs.`);
    await eventually(async () => {
      const { items } = await olga.get('/notifications?limit=1000');
      const digests: Shown[] = items.filter((item: Shown) => item.more !== undefined);
      const counted = digests.reduce((sum, { more }) => sum + more.stopped, 0);
      expect(counted + items.length - digests.length).toBe(MANY + 1);
      expect(items.length).toBeLessThan(MANY);
      expect(digests.map(({ title }) => title)).toContain(`And ${digests[0]?.['more'].stopped} more`);
    }, 20_000);
  });

  it.each([
    ['GET', '/notifications?unread=maybe', '/unread'],
    ['GET', '/notifications?limit=0', '/limit'],
    ['GET', '/notifications?cursor=x', '/cursor'],
    ['GET', '/notifications?of=olga', '/of'],
    ['POST', '/notifications/profile/read', '/id'],
    ['DELETE', '/notifications/profile', '/id'],
    ['GET', '/deliveries?state=sent', '/state'],
    ['POST', '/deliveries/a%20b/retry', '/deliveryId'],
  ])('a fault is pointed at: %s %s', async (method, path, pointer) => {
    expect(await admin.send(method, path)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('what could not be sent is for admins alone', async () => {
    const olga = await person('Olga');
    expect(await olga.send('GET', '/deliveries')).toMatchObject({ status: 403 });
    expect(await olga.send('POST', `/deliveries/${v7()}-mail/retry`)).toMatchObject({ status: 403 });
    expect(await admin.get('/deliveries')).toEqual({ items: [] });
    expect(await admin.send('POST', `/deliveries/${v7()}-mail/retry`)).toMatchObject({ status: 404 });
  });

  it('a mail goes to the owner where the operation’s switch is on, in text and HTML', async () => {
    const consoleUrl = 'https://console.example.org/#';
    const changed = { notifications: { email: { diagnose: true }, consoleUrl } };
    expect(await admin.send('PATCH', '/settings', { body: changed })).toMatchObject({
      status: 200,
      body: { notifications: { ...changed.notifications, events: 'completed' } },
    });
    const olga = await person('Olga Three');
    const { jobId } = await olga.post('/jobs', {
      operation: 'diagnose',
      input: { steps: 1 },
      name: '<b>Bold</b> & co',
    });
    await entryOf(olga, jobId);
    expect(mailsOf(jobId)).toMatchObject([
      {
        FromEmailAddress: 'longhaul@example.org',
        Destination: { ToAddresses: ['olga.three@localhost.localdomain'] },
        Content: {
          Simple: {
            Subject: { Data: 'Diagnose - SUCCESS' },
            Body: {
              Text: { Data: expect.stringContaining('"<b>Bold</b> & co" has completed successfully.') },
              Html: {
                Data: expect.stringMatching(
                  new RegExp(`&lt;b&gt;Bold&lt;/b&gt; &amp; co[^]*href="${consoleUrl}/jobs/${jobId}"`),
                ),
              },
            },
          },
        },
      },
    ]);
  });

  it('a mail that is not taken holds nothing up, is shown, and may be sent again', async () => {
    const olga = await person(`Olga ${'x'.repeat(70)}`); // SES takes 64 characters before the @
    const { jobId } = await olga.run('diagnose', { steps: 1 });
    await entryOf(olga, jobId);
    const { items } = await admin.get('/deliveries?state=failed');
    expect(items).toMatchObject([{ jobId, channel: 'mail', state: 'failed', attempts: 1 }]);
    const { deliveryId, error } = items[0];
    expect(error).toContain('BadRequest');
    const retried = await admin.send('POST', `/deliveries/${deliveryId}/retry`);
    expect(retried).toMatchObject({ status: 200, body: { deliveryId, state: 'failed', attempts: 2 } });
    expect((await admin.get('/deliveries')).items).toMatchObject([{ deliveryId, attempts: 2 }]);
  });

  it('what comes again after a restart is told once', async () => {
    const olga = await person('Olga Four');
    const { jobId } = await olga.run('diagnose', { steps: 1 });
    await entryOf(olga, jobId);
    // Forgets how far the stream was read: all of it is handed over once more.
    await service.stop();
    rmSync(join(service.dataFolder, 'streams'), { recursive: true, force: true });
    service = await service.restart();
    const again = apiClient(service.url, await service.token('operator', { sub: v7(), name: 'Olga Five' }));
    const later = await again.run('diagnose', { steps: 1 });
    await entryOf(again, later.jobId);
    expect([eventsOf(jobId).length, mailsOf(jobId).length]).toEqual([1, 1]);
  });

  it('every change of a job is an event where the setting says so', async () => {
    admin = apiClient(service.url, await service.token('admin', { name: 'Adam' }));
    await admin.send('PATCH', '/settings', { body: { notifications: { events: 'all' } } });
    const olga = await person('Olga Six');
    const { jobId } = await olga.run('diagnose', { steps: 1 });
    await entryOf(olga, jobId);
    const told = eventsOf(jobId).map(({ DetailType, detail }) => [DetailType, detail.shownAs]);
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        ['Job State Changed', 'Queued'],
        ['Job State Changed', 'Active'],
        ['Job Completed', 'Success'],
      ]),
    );
  });
});
