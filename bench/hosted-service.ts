import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const Ready = z.object({
  url: z.string(),
  /** Of an operator. */
  token: z.string(),
  logFolder: z.string(),
  /** Endpoints of the emulators. */
  dynamodb: z.string(),
  sqs: z.string(),
});
export type Ready = z.infer<typeof Ready>;

export interface HostedService extends Ready {
  readonly pid: number;
  [Symbol.asyncDispose](): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('host.ts', import.meta.url));

/** The whole service on empty tables, in a process of its own: what it costs can be told from what its client costs. */
export async function hostService(assembly: string): Promise<HostedService> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const child = fork(PROGRAM, ['--assembly', assembly, '--data', folder], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) =>
      reject(new Error(`The service ended with exit code ${code} before it was ready.`)),
    );
  });
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...Ready.parse(said), pid: child.pid ?? 0, [Symbol.asyncDispose]: stop };
}
