import { ok, type Route } from '../../shared/lambda/http.ts';
import {
  type DeliveryDesk,
  listDeliveries,
  retryDelivery,
} from '../../shared/service/notifications/deliveries.ts';

export const deliveryRoutes = (service: DeliveryDesk): Route[] => [
  {
    method: 'GET',
    path: '/deliveries',
    handle: async ({ query, caller }) => ok(await listDeliveries(query, caller, service)),
  },
  {
    method: 'POST',
    path: '/deliveries/{deliveryId}/retry',
    needsNoBody: true,
    handle: async ({ params, caller }) => ok(await retryDelivery(params, caller, service)),
  },
];
