import { parseArgs } from 'node:util';
import { apiClient } from '../support/api-client.ts';
import { startLonghaul } from '../support/service.ts';
import { SOAKS } from './soaks.ts';

/**
 * What takes too long for `npm test`: `npm run soak` runs all of it, `npm run soak -- one-token` one part. Ends with
 * exit code 1 when something is not as it should be.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const chosen = Object.entries(SOAKS).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
if (chosen.length === 0) throw new Error(`There is no such part. Known: ${Object.keys(SOAKS).join(', ')}.`);

for (const [name, soak] of chosen) {
  const service = await startLonghaul();
  try {
    const began = Date.now();
    const faults = await soak(apiClient(service.url, await service.token('operator')), console.log);
    const seconds = ((Date.now() - began) / 1_000).toFixed(1);
    console.log(
      `${name}: ${faults.length === 0 ? 'as it should be' : faults.slice(0, 20).join('\n')} (${seconds} s)`,
    );
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await service[Symbol.asyncDispose]();
  }
}
