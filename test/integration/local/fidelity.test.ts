import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT } from 'jose';
import { issuerKey } from '../../../local/issuer/keys.ts';
import { eventually } from '../../support/eventually.ts';
import { startEventsFixture } from '../../support/fixture/events-fixture.ts';
import type { Fixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startEventsFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const nowSeconds = () => Math.floor(Date.now() / 1000);
const good = () => ({ iss: 'https://issuer.example', aud: 'fixture', exp: nowSeconds() + 60 });

async function tokenWith(claims: Record<string, unknown>): Promise<string> {
  const key = await issuerKey(fixture.dataFolder);
  const head = { alg: 'RS256', kid: key.kid ?? '' };
  return new SignJWT({ sub: 'u', ...claims }).setProtectedHeader(head).sign(await importJWK(key, 'RS256'));
}

const ask = async (path: string, claims: Record<string, unknown>) =>
  fixture.get(path, { authorization: `Bearer ${await tokenWith(claims)}` });

describe('the JWT authorizer over HTTP (API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers")', () => {
  it('"exp must be after the current time", "iss must match", "aud or client_id must match": a good token passes', async () => {
    expect(await ask('/secret', good())).toMatchObject({ status: 201 });
  });

  it('"client_id is validated only if aud is not present"', async () => {
    const { aud, ...others } = good();
    expect(await ask('/secret', { ...others, client_id: aud })).toMatchObject({ status: 201 });
    expect(await ask('/secret', { ...good(), aud: 'another', client_id: aud })).toMatchObject({
      status: 401,
    });
  });

  it.each([
    ['expired', () => ({ ...good(), exp: nowSeconds() - 5 })],
    ['of another issuer', () => ({ ...good(), iss: 'https://stranger.example' })],
    ['for another audience', () => ({ ...good(), aud: 'another' })],
    [
      'issued in the future ("iat must be before the current time")',
      () => ({ ...good(), iat: nowSeconds() + 60 }),
    ],
    ['not valid yet ("nbf must be before the current time")', () => ({ ...good(), nbf: nowSeconds() + 60 })],
  ])('a token that is %s is refused with 401 and invalid_token', async (_what, claims) => {
    const answer = await ask('/secret', claims());
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('"the token must include at least one of the scopes configured for the route", in scope or scp', async () => {
    const refused = await ask('/scoped', { ...good(), scope: 'fixture/read' });
    expect(refused).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(await ask('/scoped', { ...good(), scope: 'other fixture/write' })).toMatchObject({ status: 201 });
    expect(await ask('/scoped', { ...good(), scp: ['fixture/write'] })).toMatchObject({ status: 201 });
  });
});

const urlOf = (name: string) => `${fixture.endpoints.sqs}/000000000000/${name}`;
const receive = async (QueueUrl: string) => {
  const { Messages = [] } = await fixture.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages;
};

describe('queues and topics', () => {
  it('a message of a standard queue has a delay of its own (SQS Developer Guide, "message timers")', async () => {
    const QueueUrl = urlOf('heard');
    const sentAt = Date.now();
    await fixture.clients.sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 2 }),
    );
    await fixture.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
    const [first] = await eventually(async () => {
      const messages = await receive(QueueUrl);
      expect(messages).toHaveLength(1);
      return messages;
    });
    expect(first?.Body).toBe('now');
    await eventually(async () =>
      expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['later']),
    );
    expect(Date.now() - sentAt).toBeGreaterThanOrEqual(2000);
  });

  it('a topic tells the queues that are subscribed to it, in the envelope of SNS', async () => {
    const body = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:alarms',
      Message: 'alarm!',
    });
    expect((await fetch(fixture.endpoints.sqs, { method: 'POST', body })).status).toBe(200);
    await eventually(async () => {
      const [message] = await receive(urlOf('heard'));
      expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({ Type: 'Notification', Message: 'alarm!' });
    });
  });

  it('a message that comes while the service stops is not lost with the poll that is under way', async () => {
    const QueueUrl = urlOf('unordered');
    const left = async () => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const asked = new GetQueueAttributesCommand({
        QueueUrl: urlOf('unordered'),
        AttributeNames: [...names],
      });
      const { Attributes = {} } = await fixture.clients.sqs.send(asked);
      return names.map((name) => Number(Attributes[name]));
    };
    const sending = fixture.clients.sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'while it stops' }),
    );
    const restarting = fixture.restart();
    await sending;
    fixture = await restarting;
    await eventually(async () => expect(await left()).toEqual([0, 0]));
  });
});
