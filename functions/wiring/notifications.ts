import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoDeliveries } from '../../shared/aws/dynamo-deliveries.ts';
import { DynamoInbox } from '../../shared/aws/dynamo-inbox.ts';
import type { NotificationEnvironment, Read } from '../../shared/lambda/environment.ts';

/** The inboxes, and what could not be sent. */
export const notificationStores = (
  { tables }: Pick<Clients, 'tables'>,
  { NOTIFICATIONS_TABLE }: Read<typeof NotificationEnvironment>,
) => ({
  inbox: new DynamoInbox(tables, NOTIFICATIONS_TABLE),
  deliveries: new DynamoDeliveries(tables, NOTIFICATIONS_TABLE),
});
