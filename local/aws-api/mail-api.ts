import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Caught } from './caught.ts';
import { ApiError, json, type Operation, parseBody } from './operation.ts';

// Quotas of SES: 40 MB after encoding with the v2 API, 50 recipients.
const largestMail = 40 * 1024 * 1024;
const mostRecipients = 50;

const address = z
  .string()
  .regex(/^([^<>\r\n]*<)?[\x21-\x7e]{1,64}@[\x21-\x7e]+\.[\x21-\x7e]+>?$/, 'is not an e-mail address');
const addresses = z.array(address).default([]);
const text = z.object({ Data: z.string(), Charset: z.string().optional() });

const mail = z.looseObject({
  FromEmailAddress: address,
  Destination: z.object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }),
  ReplyToAddresses: addresses,
  Content: z.union([
    z.strictObject({
      Simple: z.looseObject({
        Subject: text,
        Body: z.object({ Text: text.optional(), Html: text.optional() }),
      }),
    }),
    z.strictObject({ Raw: z.object({ Data: z.base64() }) }),
  ]),
});

type Mail = z.output<typeof mail>;

/** SES: mails are kept, never sent. */
export function mailApi({ caught, clock }: { caught: Caught; clock: Clock }): Operation[] {
  return [
    {
      name: 'SendEmail',
      route: 'POST /v2/email/outbound-emails',
      run: (request) => {
        if (request.body.length > largestMail)
          throw new ApiError('BadRequestException', `the mail is larger than ${largestMail} bytes`);
        const given = parseBody(mail, request, 'BadRequestException');
        refuseRecipients(given);
        const MessageId = randomUUID();
        caught.keep('mail', { MessageId, sentAt: new Date(clock.now()).toISOString(), ...given });
        return json({ MessageId });
      },
    },
  ];
}

function refuseRecipients({ Destination: { ToAddresses, CcAddresses, BccAddresses } }: Mail): void {
  const count = ToAddresses.length + CcAddresses.length + BccAddresses.length;
  if (count === 0) throw new ApiError('BadRequestException', 'Destination: nobody is named');
  if (count > mostRecipients)
    throw new ApiError(
      'BadRequestException',
      `Destination: ${count} recipients, ${mostRecipients} are allowed`,
    );
}
