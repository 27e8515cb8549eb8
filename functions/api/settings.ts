import type { Answer, Route } from '../../shared/lambda/http.ts';
import { changeSettings, type SettingsChanger } from '../../shared/service/change-settings.ts';
import {
  etagOf,
  presentSettings,
  type SettingsNow,
  settingsHistory,
  settingsNow,
} from '../../shared/service/settings.ts';

export const settingsRoutes = (service: SettingsChanger): Route[] => {
  const answer = (now: SettingsNow): Answer => ({
    status: 200,
    headers: { etag: etagOf(now) },
    body: presentSettings(now, service.deployed),
  });
  return [
    {
      method: 'GET',
      path: '/settings',
      handle: async () => answer(await settingsNow(service.settings)),
    },
    {
      method: 'PATCH',
      path: '/settings',
      handle: async ({ body, caller, headers }) =>
        answer(await changeSettings(body, caller, service, headers['if-match'])),
    },
    {
      method: 'GET',
      path: '/settings/history',
      handle: async ({ query }) => ({ status: 200, body: await settingsHistory(query, service.settings) }),
    },
  ];
};
