import { parseArgs } from 'node:util';
import { signToken } from '../local/issuer/issuer.ts';
import { issuerKey } from '../local/issuer/keys.ts';
import { trustedIssuer } from '../local/issuer/trusted-issuer.ts';
import { startService } from '../local/service.ts';
import type { Ready } from './hosted-service.ts';

/**
 * The program of a process that runs the whole service, as `npm start -- --no-iam` does, and tells its parent also where
 * the emulators are. It stops when its parent lets go of it.
 */
const options = { assembly: { type: 'string' }, data: { type: 'string' } } as const;
const { assembly = '', data = '' } = parseArgs({ options }).values;

const onLost = (reason: string): void => {
  console.error(reason);
  process.exit(1);
};
const service = await startService({ assembly, dataFolder: data, port: 0, iam: false, onLost });
const token = await signToken(await issuerKey(data), trustedIssuer(assembly), { role: 'operator' });
const { url, endpoints, logFolder } = service;
const { dynamodb, sqs } = endpoints;
process.send?.({ url, token, logFolder, dynamodb, sqs } satisfies Ready);

process.once('disconnect', () => void service.stop().then(() => process.exit(0)));
