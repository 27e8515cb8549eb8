import { runtimeKey } from '../iam/access-key.ts';
import { region } from '../template/identities.ts';
import { ofType, type Resource } from '../template/resources.ts';

/**
 * Makes the topics, and subscribes the queues that are to hear of them; a topic or subscription that is there stays. Nobody
 * gets an e-mail from here.
 */
export async function createTopics(endpoint: string, resources: readonly Resource[]): Promise<void> {
  const topics = ofType(resources, 'AWS::SNS::Topic');
  for (const { attributes } of topics)
    await call(endpoint, { Action: 'CreateTopic', Name: attributes['TopicName'] ?? '' });
  const subscriptions = [
    ...topics.flatMap(({ ref, properties }) =>
      properties.Subscription.map((one) => ({ ...one, TopicArn: ref })),
    ),
    ...ofType(resources, 'AWS::SNS::Subscription').map(({ properties }) => properties),
  ];
  for (const subscription of subscriptions) await subscribe(endpoint, subscription);
}

interface Subscription {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly RawMessageDelivery?: boolean | undefined;
  readonly FilterPolicy?: unknown;
}

const unheard = new Set(['email', 'email-json', 'sms']);

async function subscribe(endpoint: string, given: Subscription): Promise<void> {
  if (unheard.has(given.Protocol)) return;
  const attributes = {
    ...(given.RawMessageDelivery && { RawMessageDelivery: 'true' }),
    ...(given.FilterPolicy !== undefined && { FilterPolicy: JSON.stringify(given.FilterPolicy) }),
  };
  const entries = Object.entries(attributes).flatMap(([key, value], index): [string, string][] => [
    [`Attributes.entry.${index + 1}.key`, key],
    [`Attributes.entry.${index + 1}.value`, value],
  ]);
  const { TopicArn, Protocol, Endpoint } = given;
  await call(endpoint, { Action: 'Subscribe', TopicArn, Protocol, Endpoint, ...Object.fromEntries(entries) });
}

/** The query protocol, by hand: the product publishes nothing, so no client of SNS is installed. */
async function call(endpoint: string, parameters: Record<string, string>): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${runtimeKey}/20260101/${region}/sns/aws4_request`,
    },
    body: new URLSearchParams({ ...parameters, Version: '2010-03-31' }),
  });
  if (!response.ok) throw new Error(`${parameters['Action']}: ${await response.text()}`);
}
