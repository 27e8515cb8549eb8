import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CannotStart } from '../cannot-start.ts';
import { dataFolderPath } from '../data-folder/data-folder.ts';
import { runningService } from '../data-folder/running-service.ts';

export interface UsedService {
  readonly url: string;
  readonly token: string;
  /** Stops the service if it was started for the demo. */
  done(): Promise<void>;
}

type Say = (line?: string) => void;

/** The running service, or one started just for the demo, on any free port unless PORT says which. */
export async function useService(root: string, say: Say): Promise<UsedService> {
  const running = runningService(dataFolderPath(root));
  if (running !== undefined) say(`Longhaul is running at ${running.url}`);
  const service =
    running === undefined ? await startService(root, say) : { url: running.url, done: async () => {} };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(root, 'local/token.ts'),
      'operator',
    ]);
    return { ...service, token: stdout.trim() };
  } catch (error) {
    await service.done();
    throw error;
  }
}

async function startService(root: string, say: Say): Promise<Omit<UsedService, 'token'>> {
  const child = spawn(process.execPath, [join(root, 'local/start.ts')], {
    env: { PORT: '0', ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const done = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  for await (const line of lines) {
    say(line);
    const url = /^Longhaul is ready at (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume(); // what follows is for people who start the service themselves
    return { url, done };
  }
  await exited;
  throw new CannotStart('the service did not start; its message stands above');
}
