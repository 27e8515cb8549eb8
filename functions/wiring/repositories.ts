import type { Clients } from '../../shared/aws/clients.ts';
import type { Read, WorkEnvironment } from '../../shared/lambda/environment.ts';
import { OPERATIONS, type Repositories } from '../../shared/operations/registry.ts';
import { assetStores } from './asset-stores.ts';
import type { jobStores } from './job-stores.ts';
import { settingsStore } from './settings.ts';

interface Wired {
  readonly clients: Clients;
  readonly stores: ReturnType<typeof jobStores>;
  /** Bundled beside the function: parsers of hostile files run in a thread of their own. */
  readonly inspectorScript: URL;
}

/** All that some operation works with. */
export const repositories = (
  environment: Read<typeof WorkEnvironment>,
  { clients, stores, inspectorScript }: Wired,
): Repositories => ({
  mender: { ...stores, clock: Date.now, operations: OPERATIONS },
  purger: { ...stores, ...settingsStore(clients, environment) },
  ...assetStores(clients, environment),
  inspectorScript,
  crash: () => process.kill(process.pid, 'SIGKILL'),
});
