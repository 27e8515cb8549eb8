import * as z from 'zod';
import { eachOf } from '../each-of.ts';
import type { Retry } from './ports.ts';
import { type Resender, resend } from './resend.ts';

/** What the scan asks of the function that has the channels: a page of what is due by a date. */
export const DueRequest = z.strictObject({
  due: z.strictObject({ by: z.iso.datetime(), after: z.string().max(200).exactOptional() }),
});
export type DueRequest = z.infer<typeof DueRequest>;

/** What it answers: how many it tried, and after which place the next page is. */
export const Retried = z.object({
  found: z.object({ retried: z.number(), sent: z.number() }),
  next: z.string().exactOptional(),
});
export type Retried = z.infer<typeof Retried>;

const PAGE = 10;

/** Sends a page of what is due again, side by side. Whoever asks sees ids and counts only, never what is in a message. */
export async function resendDue(
  { due: { by, after } }: DueRequest,
  resender: Resender & { readonly log: (text: string, facts: Record<string, string>) => void },
): Promise<Retried> {
  const due = await resender.deliveries.due({ by, after: retryIn(after), limit: PAGE });
  const outcomes = await eachOf(due, PAGE, async (retry) => {
    try {
      return (await resend(retry, resender)).is;
    } catch (error) {
      // It stays due and holds up no other: the next scan tries it.
      resender.log('a notification could not be tried again', { ...retry, error: String(error) });
      return 'unknown';
    }
  });
  const tried = outcomes.filter((is) => is === 'sent' || is === 'failed');
  const found = { retried: tried.length, sent: tried.filter((is) => is === 'sent').length };
  const last = due.length < PAGE ? undefined : due.at(-1);
  return { found, ...(last !== undefined && { next: `${last.retryAt}/${last.deliveryId}` }) };
}

function retryIn(place: string | undefined): Retry | undefined {
  const [retryAt, deliveryId] = place?.split('/') ?? [];
  return retryAt === undefined || deliveryId === undefined ? undefined : { retryAt, deliveryId };
}
