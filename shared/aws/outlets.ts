import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { JobEvent, Mail, Outlets } from '../service/notifications/ports.ts';
import { RETRIES } from './clients.ts';

/** What events of ours say they come from; rules of EventBridge match it. */
const SOURCE = 'longhaul';

/** Mails by SES, where there is a sender, and events on the account's default bus. Clients are made when they are needed. */
export function outlets(mailFrom: string | undefined): Outlets {
  return { ...(mailFrom !== undefined && { mail: mailer(mailFrom) }), event: eventBus() };
}

function mailer(FromEmailAddress: string): (mail: Mail) => Promise<void> {
  let client: SESv2Client | undefined;
  return async ({ to, subject, text, html }) => {
    client ??= new SESv2Client(RETRIES);
    await client.send(
      new SendEmailCommand({
        FromEmailAddress,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
      }),
    );
  };
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

function eventBus(): (event: JobEvent) => Promise<void> {
  let client: EventBridgeClient | undefined;
  return async ({ type, at, detail }) => {
    client ??= new EventBridgeClient(RETRIES);
    const entry = {
      Source: SOURCE,
      DetailType: type,
      Time: new Date(at),
      Detail: JSON.stringify(detail),
    };
    // The call succeeds also where the event was not taken.
    const { Entries: [taken] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    if (taken?.EventId === undefined)
      throw new Error(
        `EventBridge did not take it: ${taken?.ErrorCode ?? 'no answer'} ${taken?.ErrorMessage ?? ''}`,
      );
  };
}
