import * as z from 'zod';
import type { Clock } from '../ports.ts';
import type { Deliveries, FailedDelivery, Message, Outlets } from './ports.ts';
import { retryAtAfter } from './retries.ts';
import { errorText, handOver } from './tell.ts';

export interface Resender {
  readonly deliveries: Deliveries;
  readonly outlets: Outlets;
  readonly clock: Clock;
}

/** One delivery; the scan means its try of a date, which somebody else may have made. */
export const ResendRequest = z.strictObject({
  deliveryId: z.string().min(1).max(100),
  retryAt: z.string().exactOptional(),
});
export type ResendRequest = z.infer<typeof ResendRequest>;

/** What it answers: sent; failed again; taken by somebody else at that moment; or there is no such delivery. */
export const Resent = z.discriminatedUnion('is', [
  z.object({
    is: z.enum(['sent', 'failed']),
    delivery: z.custom<FailedDelivery>((value) => isDelivery(value)),
  }),
  z.object({ is: z.literal('taken') }),
  z.object({ is: z.literal('gone') }),
]);
export type Resent = z.infer<typeof Resent>;

const isDelivery = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'deliveryId' in value && 'message' in value;

/**
 * Sends again what a channel did not take: of two who ask at once, one does it. It is sent twice only if this process dies
 * between the channel's answer and the note of it.
 */
export async function resend(
  { deliveryId, retryAt: asked }: ResendRequest,
  { deliveries, outlets, clock }: Resender,
): Promise<Resent> {
  const failed = await deliveries.get(deliveryId);
  const isStale = asked !== undefined && failed?.retryAt !== asked;
  if (isStale) await deliveries.forget({ deliveryId, retryAt: asked });
  if (failed === undefined) return { is: 'gone' };
  const { retryAt: _before, ...facts } = failed;
  const next = retryAtAfter(failed.attempts + 1, clock());
  if (isStale || !(await deliveries.claim(failed, next.retryAt))) return { is: 'taken' };
  const tried = { ...facts, attempts: failed.attempts + 1, ...next };
  const fault = await faultOf(failed.message, outlets);
  if (fault !== undefined) {
    const failure = { error: fault, failedOn: new Date(clock()).toISOString() };
    await deliveries.noteError(deliveryId, failure);
    return { is: 'failed', delivery: { ...tried, ...failure } };
  }
  await deliveries.remove(tried);
  return { is: 'sent', delivery: tried };
}

async function faultOf(message: Message, outlets: Outlets): Promise<string | undefined> {
  try {
    await handOver(message, outlets);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
