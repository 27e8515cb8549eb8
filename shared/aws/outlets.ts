import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { JobEvent, Mail, Outlets } from '../service/notifications/ports.ts';
import { CLIENT_SETTINGS } from './clients.ts';
import { type Gathered, gathered } from './gathered.ts';

/** What events of ours say they come from; rules of EventBridge match it. */
const SOURCE = 'longhaul';
/** EventBridge takes as many, and 1 MB: ours have about a kilobyte. */
const EVENTS_PER_CALL = 10;

/** Mails by SES, where there is a sender, and events on the account's default bus. Clients are made when they are needed. */
export function outlets(mailFrom: string | undefined): Outlets {
  return { ...(mailFrom !== undefined && { mail: mailer(mailFrom) }), event: eventBus() };
}

function mailer(FromEmailAddress: string): (mail: Mail) => Promise<void> {
  let client: SESv2Client | undefined;
  return async ({ to, subject, text, html }) => {
    client ??= new SESv2Client(CLIENT_SETTINGS);
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
  return gathered(EVENTS_PER_CALL, async (events: readonly JobEvent[]) => {
    client ??= new EventBridgeClient(CLIENT_SETTINGS);
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: events.map(entryOf) }));
    // The call succeeds also where an event was not taken.
    return events.map((_, place) => wasTaken(Entries[place]));
  });
}

const entryOf = ({ type, at, detail }: JobEvent) => ({
  Source: SOURCE,
  DetailType: type,
  Time: new Date(at),
  Detail: JSON.stringify(detail),
});

function wasTaken(entry: PutEventsResultEntry | undefined): Gathered<void> {
  if (entry?.EventId !== undefined) return { answer: undefined };
  const why = `${entry?.ErrorCode ?? 'no answer'} ${entry?.ErrorMessage ?? ''}`;
  return { error: new Error(`EventBridge did not take it: ${why}`) };
}
