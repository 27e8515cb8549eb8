import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoSettings } from '../../shared/aws/dynamo-settings.ts';
import type { Read, SettingsEnvironment } from '../../shared/lambda/environment.ts';
import { maxLogLinesOf, retentionOf } from '../../shared/service/settings.ts';

/** What admins have set, read at each use. */
export function settingsStore(
  { tables }: Pick<Clients, 'tables'>,
  { SETTINGS_TABLE }: Read<typeof SettingsEnvironment>,
) {
  const settings = new DynamoSettings(tables, SETTINGS_TABLE);
  return {
    settings,
    retention: () => retentionOf(settings),
    maxLogLines: () => maxLogLinesOf(settings),
  };
}
