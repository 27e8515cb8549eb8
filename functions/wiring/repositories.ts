import type { Clients } from '../../shared/aws/clients.ts';
import { LambdaFunctions } from '../../shared/aws/lambda-functions.ts';
import type {
  FunctionEnvironment,
  Read,
  ResendEnvironment,
  WorkEnvironment,
} from '../../shared/lambda/environment.ts';
import type { Repositories } from '../../shared/operations/registry.ts';
import { assetStores } from './asset-stores.ts';
import type { jobCreator } from './creator.ts';
import { resender } from './resend.ts';
import { settingsStore } from './settings.ts';

interface Wired {
  readonly clients: Clients;
  readonly creator: ReturnType<typeof jobCreator>;
  /** Bundled beside the function: parsers of hostile files run in a thread of their own. */
  readonly inspectorScript: URL;
}

/** All that some operation works with. */
export const repositories = (
  environment: Read<typeof WorkEnvironment & typeof FunctionEnvironment & typeof ResendEnvironment>,
  { clients, creator, inspectorScript }: Wired,
): Repositories => ({
  mender: creator,
  starter: creator,
  postman: resender(environment),
  purger: { ...creator, ...settingsStore(clients, environment) },
  functions: new LambdaFunctions(environment.FUNCTIONS),
  bulk: { ...creator, service: creator },
  ...assetStores(clients, environment),
  inspectorScript,
  crash: () => process.kill(process.pid, 'SIGKILL'),
});
