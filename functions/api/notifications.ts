import { ok, type Route } from '../../shared/lambda/http.ts';
import {
  deleteNotification,
  type InboxReader,
  listNotifications,
  readAllNotifications,
  readNotification,
} from '../../shared/service/notifications/inbox.ts';

export const notificationRoutes = (service: InboxReader): Route[] => [
  {
    method: 'GET',
    path: '/notifications',
    handle: async ({ query, caller }) => ok(await listNotifications(query, caller, service)),
  },
  {
    method: 'POST',
    path: '/notifications/read',
    mayOmitBody: true,
    handle: async ({ body, caller }) => ok({ ...(await readAllNotifications(body, caller, service)) }),
  },
  {
    method: 'POST',
    path: '/notifications/{id}/read',
    needsNoBody: true,
    handle: async ({ params, caller }) => ok(await readNotification(params, caller, service)),
  },
  {
    method: 'DELETE',
    path: '/notifications/{id}',
    async handle({ params, caller }) {
      await deleteNotification(params, caller, service);
      return { status: 204 };
    },
  },
];
