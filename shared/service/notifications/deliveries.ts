import * as z from 'zod';
import { type Caller, requireRole } from '../caller.ts';
import { Conflict, NotFound } from '../errors.ts';
import { type Page, PageQuery } from '../page.ts';
import { pageCursor, readPageCursor } from '../page-cursor.ts';
import { parse } from '../parse.ts';
import type { Deliveries, FailedDelivery } from './ports.ts';
import type { ResendRequest, Resent } from './resend.ts';

export interface DeliveryDesk {
  readonly deliveries: Pick<Deliveries, 'list'>;
  /** Done by the function that has the channels: the API may send nothing. */
  readonly resend: (request: ResendRequest) => Promise<Resent>;
}

const LIST = 'deliveries';
const Query = z.strictObject({
  ...PageQuery,
  state: z.literal('failed', 'Must be failed: what was sent is not kept.').default('failed'),
});
const Path = z.object({
  deliveryId: z.string().regex(/^[\w-]{1,100}$/, 'The id of a delivery is one of GET /deliveries.'),
});

export interface DeliveryShown extends Omit<FailedDelivery, 'message'> {
  readonly state: 'failed' | 'sent';
  readonly channel: 'mail' | 'event';
}

/** What could not be sent, newest first, for admins. */
export async function listDeliveries(
  query: unknown,
  caller: Caller,
  { deliveries }: Pick<DeliveryDesk, 'deliveries'>,
): Promise<Page<DeliveryShown>> {
  requireRole(caller, 'admin');
  const { limit, cursor } = parse(Query, query, { in: 'query' });
  const before = cursor === undefined ? undefined : readPageCursor(LIST, cursor);
  const found = await deliveries.list({ before, limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map((each) => shown(each, 'failed')),
    ...(last !== undefined && { nextCursor: pageCursor(LIST, last.deliveryId) }),
  };
}

/**
 * Sends again what could not be sent, for admins: the answer says whether it went this time. What was sent is no longer
 * in the list. Throws `NotFound`; `Conflict`, where somebody else is at it.
 */
export async function retryDelivery(
  params: unknown,
  caller: Caller,
  { resend }: Pick<DeliveryDesk, 'resend'>,
): Promise<DeliveryShown> {
  requireRole(caller, 'admin');
  const { deliveryId } = parse(Path, params, { in: 'path' });
  const resent = await resend({ deliveryId });
  if (resent.is === 'taken') throw new Conflict(`Somebody else is sending the delivery ${deliveryId} again.`);
  if (resent.is === 'gone') throw new NotFound('delivery', deliveryId);
  return shown(resent.delivery, resent.is);
}

const shown = (
  { message: { channel }, ...facts }: FailedDelivery,
  state: DeliveryShown['state'],
): DeliveryShown => ({ ...facts, channel, state });
