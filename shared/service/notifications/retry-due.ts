import { eachOf } from '../each-of.ts';
import type { LogFacts } from '../operation.ts';
import type { Deliveries, Retry } from './ports.ts';
import type { ResendRequest, Resent } from './resend.ts';

/** Who knows what could not be sent, and who has it sent again: the function that has the channels. */
export interface Postman {
  readonly deliveries: Pick<Deliveries, 'due'>;
  readonly resend: (request: ResendRequest, signal: AbortSignal) => Promise<Resent>;
}

interface Round extends Postman {
  readonly signal: AbortSignal;
  readonly log: (text: string, facts?: LogFacts) => void;
}

const PAGE = 10;
/** A channel may be slow; what it does not answer in time it may still take, and says so with the delivery. */
const PATIENCE_MS = 10_000;

export interface Retried {
  readonly found: { readonly retried: number; readonly sent: number };
  readonly next?: string | undefined;
}

/**
 * Has a page of what is due sent again, side by side. One that cannot be asked for holds up no other: it stays due until the
 * next scan. When the slice is over the page is looked at again: what was tried is no longer due.
 */
export async function retryDue(
  { by, from }: { by: string; from: string | undefined },
  round: Round,
): Promise<Retried> {
  const due = await round.deliveries.due({ by, after: retryIn(from), limit: PAGE });
  const outcomes = await eachOf(due, PAGE, (retry) => attempt(retry, round));
  const tried = outcomes.filter((is) => is === 'sent' || is === 'failed');
  const found = { retried: tried.length, sent: tried.filter((is) => is === 'sent').length };
  if (round.signal.aborted && due.length > 0) return { found, next: from ?? '' };
  const last = due.length < PAGE ? undefined : due.at(-1);
  return { found, next: last && `${last.retryAt}/${last.deliveryId}` };
}

async function attempt(retry: Retry, { resend, signal, log }: Round): Promise<Resent['is'] | 'unknown'> {
  try {
    const { is } = await resend(retry, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    return is;
  } catch (error) {
    if (!signal.aborted)
      log('A message could not be sent again; the next scan tries.', {
        level: 'warn',
        item: retry.deliveryId,
        error: String(error),
      });
    return 'unknown';
  }
}

function retryIn(place: string | undefined): Retry | undefined {
  const [retryAt, deliveryId] = place?.split('/') ?? [];
  return retryAt === undefined || deliveryId === undefined ? undefined : { retryAt, deliveryId };
}
