import type { LogFacts } from '../operation.ts';
import type { DueRequest, Retried } from './resend-due.ts';

/** The function that has the channels, and alone may see what is in messages. */
export interface Postman {
  readonly resendDue: (request: DueRequest, signal: AbortSignal) => Promise<Retried>;
}

interface Round extends Postman {
  readonly signal: AbortSignal;
  readonly log: (text: string, facts?: LogFacts) => void;
}

/** A channel may be slow; what it does not answer in time it may still take, and says so with the delivery. */
const PATIENCE_MS = 10_000;

/**
 * Has a page of what is due sent again. Where that cannot be asked for, all stays due until the next scan. When the slice is
 * over the page is looked at again: what was tried is no longer due.
 */
export async function retryDue(
  { by, from }: { by: string; from: string | undefined },
  { resendDue, signal, log }: Round,
): Promise<{ readonly found: Partial<Retried['found']>; readonly next?: string | undefined }> {
  try {
    const due = { by, ...(from !== undefined && from !== '' && { after: from }) };
    return await resendDue({ due }, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  } catch (error) {
    if (signal.aborted) return { found: {}, next: from ?? '' };
    log('Messages could not be sent again; the next scan tries.', { level: 'warn', error: String(error) });
    return { found: {} };
  }
}
