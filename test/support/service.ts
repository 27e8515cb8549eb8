import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Role, signToken } from '../../local/issuer/issuer.ts';
import { issuerKey } from '../../local/issuer/keys.ts';
import { trustedIssuer } from '../../local/issuer/trusted-issuer.ts';
import { synthesise } from '../../local/synth.ts';
import { root, type ServiceProcess, startServiceProcess } from './service-process.ts';

/** The whole service as a person starts it: `npm start` in a process of its own, on a data folder of its own. */
export interface RunningLonghaul extends ServiceProcess {
  readonly dataFolder: string;
  token(role: Role, user?: { sub?: string; name?: string }): Promise<string>;
  /** Stops (or finds it killed) and starts again on the same data. */
  restart(): Promise<RunningLonghaul>;
  /** Stops and removes the data folder. Fails where a grant was missing, also if nobody else has noticed. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface LonghaulOptions {
  readonly dataFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startLonghaul(options: LonghaulOptions = {}): Promise<RunningLonghaul> {
  const { assembly } = await synthesise({ root });
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'longhaul-test-'));
  const environment = { PORT: '0', LONGHAUL_DATA: dataFolder, ...options.environment };
  const service = await startServiceProcess(['local/start.ts'], environment);
  return {
    ...service,
    dataFolder,
    token: async (role, user = {}) =>
      signToken(await issuerKey(dataFolder), trustedIssuer(assembly), { role, ...user }),
    restart: async () => {
      await service.stop();
      return startLonghaul({ ...options, dataFolder });
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      rmSync(dataFolder, { recursive: true, force: true });
      const [denied] = /AccessDenied: .*/.exec(service.output()) ?? [];
      if (denied !== undefined) throw new Error(denied);
    },
  };
}
