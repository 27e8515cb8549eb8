import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import { callAws, notedBy, startEventsFixture } from '../../support/fixture/events-fixture.ts';
import type { Fixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startEventsFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const tick = '/schedules/tick';
const getTick = () => callAws(fixture, ['scheduler', `GET ${tick}?groupName=upkeep`]);
const invocations = '/2015-03-31/functions/note-events/invocations';
const caught = (kind: string) =>
  readFileSync(join(fixture.dataFolder, 'caught', `${kind}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

/** Everything that the update of a schedule must repeat. */
async function description() {
  const {
    Arn: _a,
    Name: _n,
    CreationDate: _c,
    LastModificationDate: _l,
    ...given
  } = (await getTick()).answer;
  return given;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19);

describe('EventBridge Scheduler', () => {
  it('shows a schedule of the template with the names and defaults of its API', async () => {
    expect((await getTick()).answer).toMatchObject({
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/upkeep/tick',
      State: 'DISABLED',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      ActionAfterCompletion: 'NONE',
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
      CreationDate: expect.any(Number),
    });
  });

  it('an update is effective at once, survives a restart, and starts the function', async () => {
    // Far enough that the update arrives before it, also on a busy machine.
    const at = inSeconds(4);
    const change = { ScheduleExpression: `at(${at})`, ScheduleExpressionTimezone: 'UTC', State: 'ENABLED' };
    const body = { ...(await description()), ...change, ClientToken: 'any' };
    expect(await callAws(fixture, ['scheduler', `PUT ${tick}`], body)).toMatchObject({ status: 200 });
    await eventually(async () =>
      expect(await notedBy(fixture, 'note-events', z.unknown())).toContainEqual({ turn: `${at}Z` }),
    );
    fixture = await fixture.restart();
    expect((await getTick()).answer).toMatchObject(change);
  });

  it('what an update leaves out falls back to its default', async () => {
    const { ScheduleExpression, FlexibleTimeWindow, Target } = await description();
    const body = { ScheduleExpression, FlexibleTimeWindow, Target, GroupName: 'upkeep' };
    await callAws(fixture, ['scheduler', `PUT ${tick}`], body);
    expect((await getTick()).answer).toMatchObject({ State: 'ENABLED', ScheduleExpressionTimezone: 'UTC' });
  });

  it('makes and deletes schedules, and refuses what makes no sense', async () => {
    const body = { ...(await description()), ScheduleExpression: 'rate(1 day)', State: 'DISABLED' };
    const create = (change: object = {}) =>
      callAws(fixture, ['scheduler', 'POST /schedules/another'], { ...body, ...change });
    expect(await create({ ScheduleExpression: 'every day' })).toMatchObject({
      status: 400,
      error: 'ValidationException',
    });
    expect(await create({ GroupName: 'none' })).toMatchObject({
      status: 404,
      error: 'ResourceNotFoundException',
    });
    expect(await create()).toMatchObject({ status: 200 });
    expect(await create()).toMatchObject({ status: 409, error: 'ConflictException' });
    const another = '/schedules/another?groupName=upkeep';
    expect(await callAws(fixture, ['scheduler', `DELETE ${another}`])).toMatchObject({ status: 200 });
    expect(await callAws(fixture, ['scheduler', `GET ${another}`])).toMatchObject({ status: 404 });
  });
});

const entry = z.object({ body: z.string(), began: z.number(), ended: z.number() });

/** What the consumer of the queues has written down. */
async function consumed(body: string) {
  const { Items = [] } = await fixture.clients.dynamodb.send(new ScanCommand({ TableName: 'Fixture-Seen' }));
  const entries = Items.map((item) => entry.parse(JSON.parse(item['entry']?.S ?? '')));
  return entries.filter((each) => each.body === body);
}

const mostAtOnce = (entries: readonly z.output<typeof entry>[]) =>
  Math.max(
    ...entries.map(
      ({ began }) => entries.filter((other) => other.began <= began && began < other.ended).length,
    ),
  );

const limit = (MaximumConcurrency: number) => ({ ScalingConfig: { MaximumConcurrency } });

describe('event source mappings', () => {
  const mappings = '/2015-03-31/event-source-mappings';
  const ofQueue = (name: string) => `${mappings}?EventSourceArn=arn:aws:sqs:us-east-1:000000000000:${name}`;
  const listed = z.object({
    EventSourceMappings: z.array(z.looseObject({ UUID: z.string(), State: z.string() })),
  });
  const uuid = async (queue: string) => {
    const { answer } = await callAws(fixture, ['lambda', `GET ${ofQueue(queue)}`]);
    return listed.parse(answer).EventSourceMappings[0]?.UUID ?? '';
  };
  const update = async (change: object, queue = 'unordered') =>
    callAws(fixture, ['lambda', `PUT ${mappings}/${await uuid(queue)}`], change);

  it('the maximum concurrency is set and taken away', async () => {
    expect(await update(limit(5))).toMatchObject({ status: 202, answer: limit(5) });
    expect(await update(limit(1))).toMatchObject({
      error: 'InvalidParameterValueException',
    });
    expect((await update({ ScalingConfig: {} })).answer).not.toHaveProperty('ScalingConfig');
  });

  it('a new maximum concurrency is obeyed from the next batch on', async () => {
    const QueueUrl = `${fixture.endpoints.sqs}/000000000000/flood`;
    const most = async (round: string, MaximumConcurrency: number) => {
      await update({ Enabled: true, ...limit(MaximumConcurrency) }, 'flood');
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: round }));
      for (let tens = 0; tens < 3; tens++)
        await fixture.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      return mostAtOnce(
        await eventually(async () => {
          const entries = await consumed(round);
          expect(entries).toHaveLength(30);
          return entries;
        }),
      );
    };
    expect(await most('two of them meet 2', 2)).toBe(2);
    expect(await most('four of them meet 4', 4)).toBe(4);
    await update({ Enabled: false }, 'flood');
  });

  it('a disabled one hands nothing over until it is enabled, over a restart, too', async () => {
    expect((await update({ Enabled: false })).answer).toMatchObject({ State: 'Disabled' });
    fixture = await fixture.restart();
    const QueueUrl = `${fixture.endpoints.sqs}/000000000000/unordered`;
    await fixture.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
    const mine = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, VisibilityTimeout: 0 });
    expect((await fixture.clients.sqs.send(mine)).Messages).toHaveLength(1);
    expect((await update({ Enabled: true })).answer).toMatchObject({ State: 'Enabled' });
    await eventually(async () => {
      const again = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 });
      expect((await fixture.clients.sqs.send(again)).Messages ?? []).toHaveLength(0);
    });
  });
});

describe('Invoke', () => {
  it('answers with what the function returns', async () => {
    const { status, answer } = await callAws(fixture, ['lambda', `POST ${invocations}`], { by: 'call' });
    expect([status, answer]).toEqual([200, { noted: expect.any(String) }]);
  });

  it('answers with the error of a function, and says so in a header', async () => {
    const { status, headers, answer } = await callAws(fixture, ['lambda', `POST ${invocations}`], {
      by: 'poison',
    });
    expect([status, headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(answer).toMatchObject({ errorType: 'Error', errorMessage: 'poisoned on purpose' });
  });

  it('of the type Event is accepted at once', async () => {
    const type = { 'x-amz-invocation-type': 'Event' };
    expect(await callAws(fixture, ['lambda', `POST ${invocations}`], { by: 'event' }, type)).toMatchObject({
      status: 202,
    });
    await eventually(async () =>
      expect(await notedBy(fixture, 'note-events', z.unknown())).toContainEqual({ by: 'event' }),
    );
  });

  it('takes 6 MB when somebody waits, and 1 MB when nobody does', async () => {
    const event = { type: { 'x-amz-invocation-type': 'Event' }, body: 'x'.repeat(1_100_000) };
    expect(await callAws(fixture, ['lambda', `POST ${invocations}`], event.body, event.type)).toMatchObject({
      status: 413,
      error: 'RequestTooLargeException',
    });
  });
});

describe('what leaves the system', () => {
  const mail = {
    FromEmailAddress: 'Longhaul <longhaul@example.org>',
    Destination: { ToAddresses: ['ada@example.org'] },
    Content: { Simple: { Subject: { Data: 'Done' }, Body: { Text: { Data: 'It is done.' } } } },
  };
  const send = (change: object) =>
    callAws(fixture, ['ses', 'POST /v2/email/outbound-emails'], { ...mail, ...change });

  it('a mail is kept, readable, in the data folder', async () => {
    expect((await send({})).answer).toEqual({ MessageId: expect.any(String) });
    expect(caught('mail')).toEqual([expect.objectContaining({ Content: mail.Content })]);
  });

  it.each([
    ['to nobody', { Destination: {} }],
    ['to something that is no address', { Destination: { ToAddresses: ['ada'] } }],
    [
      'to 51 people',
      { Destination: { ToAddresses: Array.from({ length: 51 }, (_, index) => `p${index}@example.org`) } },
    ],
    ['with a line break in the sender', { FromEmailAddress: 'a\n<b@example.org>' }],
  ])('a mail %s is refused', async (_what, change) => {
    expect(await send(change)).toMatchObject({ status: 400, error: 'BadRequestException' });
  });

  it('events are kept; a faulty one fails alone', async () => {
    const good = { Source: 'longhaul', DetailType: 'job over', Detail: '{"jobId":"1"}' };
    const target = { 'x-amz-target': 'AWSEvents.PutEvents' };
    const Entries = [good, { ...good, Detail: 'not JSON' }];
    const { answer } = await callAws(fixture, ['events', 'POST /'], { Entries }, target);
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }],
    });
    expect(caught('events')).toEqual([expect.objectContaining(good)]);
  });

  it.each([
    ['scheduler', 'GET /schedules', {}, 'GET /schedules of the service scheduler'],
    ['events', 'POST /', { 'x-amz-target': 'AWSEvents.PutRule' }, 'AWSEvents.PutRule of the service events'],
  ] as const)(
    'an operation that is not served is an error that names it (%s %s)',
    async (service, route, headers, named) => {
      const { status, answer } = await callAws(fixture, [service, route], undefined, headers);
      expect(status).toBe(404);
      expect(answer['message']).toContain(named);
    },
  );
});
