import * as z from 'zod';
import type { Clock } from '../ports.ts';
import type { Deliveries, FailedDelivery, Message, Outlets } from './ports.ts';
import { errorText, handOver } from './tell.ts';

export interface Resender {
  readonly deliveries: Deliveries;
  readonly outlets: Outlets;
  readonly clock: Clock;
}

/** What is asked of the function that has the channels. */
export const ResendRequest = z.strictObject({ deliveryId: z.string().min(1).max(100) });

/** What it answers: sent; failed again; taken by somebody else at that moment; or there is no such delivery. */
export const Resent = z.object({
  is: z.enum(['sent', 'failed', 'taken', 'gone']),
  delivery: z.custom<FailedDelivery>((value) => isDelivery(value)).exactOptional(),
});
export type Resent = z.infer<typeof Resent>;

const isDelivery = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'deliveryId' in value && 'message' in value;

/** Sends again what a channel did not take: of two who ask at once, one does it. */
export async function resend(deliveryId: string, { deliveries, outlets, clock }: Resender): Promise<Resent> {
  const failed = await deliveries.get(deliveryId);
  if (failed === undefined) return { is: 'gone' };
  if (!(await deliveries.claim(deliveryId, failed.attempts))) return { is: 'taken' };
  const tried = { ...failed, attempts: failed.attempts + 1 };
  const fault = await faultOf(failed.message, outlets);
  if (fault !== undefined) {
    const facts = { error: fault, failedOn: new Date(clock()).toISOString() };
    await deliveries.noteError(deliveryId, facts);
    return { is: 'failed', delivery: { ...tried, ...facts } };
  }
  await deliveries.remove(deliveryId);
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
