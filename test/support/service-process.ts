import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that serves until it is told to stop, and says so by the ready line. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Like Ctrl-C; answers the exit code. */
  stop(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when it is over, with the exit code. */
  ended(): Promise<number | null>;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

const readyWithinMs = 60_000;

/** Rejects, with everything that was printed, when the program ends or takes too long before it is ready. */
export async function startServiceProcess(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  // Compiled code is kept between the many starts of the tests.
  const NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/compiled');
  const env = { ...process.env, NODE_COMPILE_CACHE, ...environment };
  const child = spawn(process.execPath, [...command], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = collectOutput(child);
  const url = await readyUrl(child, output);
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    return child.exitCode;
  };
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended();
  };
  const stop = async () => {
    await kill('SIGINT');
    return child.exitCode;
  };
  return { url, pid: child.pid ?? 0, output, stop, kill, ended };
}

function collectOutput(child: ChildProcess): () => string {
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return () => output;
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const giveUp = (reason: string) => {
    reject(new Error(`the service did not get ready: ${reason}\n${output()}`));
  };
  const deadline = setTimeout(() => {
    child.kill('SIGKILL');
    giveUp(`nothing after ${readyWithinMs} ms`);
  }, readyWithinMs);
  child.stdout?.on('data', () => {
    const url = /^Longhaul is ready at (\S+)$/m.exec(output())?.[1];
    if (url) resolve(url);
    if (url) clearTimeout(deadline);
  });
  child.once('close', (code) => {
    clearTimeout(deadline);
    giveUp(`it ended with exit code ${code}`);
  });
  return promise;
}
