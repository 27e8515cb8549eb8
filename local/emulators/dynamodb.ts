import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CannotStart } from '../cannot-start.ts';
import type { Children } from '../processes/children.ts';
import { dynamoDbClient } from './clients.ts';
import { indexStreams } from './stream-index.ts';

export interface Tables {
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Surroundings {
  readonly databaseFile: string;
  readonly children: Children;
  readonly log: (text: string) => void;
  /** The emulator ended by itself: nothing works any more. */
  readonly onLost: (reason: string) => void;
}

/** DynamoDB: the emulator as a child process, or what answers at `DYNAMODB_ENDPOINT`. */
export async function startDynamoDb(surroundings: Surroundings): Promise<Tables> {
  const endpoint = process.env['DYNAMODB_ENDPOINT'];
  if (endpoint) return given(endpoint);
  const binary = dynoxideBinary();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await tryDynoxide(binary, port, surroundings);
    if (typeof started !== 'string') return started;
    // Somebody may take the port between our asking for a free one and the emulator's using it.
    const mayRetry = started.includes('already in use') && attempt < 5;
    if (!mayRetry) throw new CannotStart(describeFailure(started, surroundings.databaseFile));
  }
}

async function given(endpoint: string): Promise<Tables> {
  if (!(await answers(endpoint, 5000))) {
    throw new CannotStart(`DYNAMODB_ENDPOINT is ${endpoint}, but no DynamoDB answers there`);
  }
  return { endpoint, stop: () => Promise.resolve() };
}

function dynoxideBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new CannotStart(
      `there is no DynamoDB emulator for this platform: the package ${name} is not installed.\n` +
        `Either install it (npm install --no-save ${name}@1.2.1), or start another DynamoDB, for example Amazon's ` +
        'DynamoDB Local (with -sharedDb), and set DYNAMODB_ENDPOINT=http://127.0.0.1:8000',
      { cause },
    );
  }
}

/** The running emulator, or what it said when it gave up. */
async function tryDynoxide(
  binary: string,
  port: number,
  surroundings: Surroundings,
): Promise<Tables | string> {
  const { databaseFile, children, log } = surroundings;
  const options = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', databaseFile];
  const child = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  children.add(child, 'DynamoDB emulator');
  const ended = endOf(child, log);
  const endpoint = `http://127.0.0.1:${port}`;
  const outcome = await Promise.race([ended, answers(endpoint, 10_000)]);
  if (typeof outcome === 'string') return outcome;
  if (!outcome) child.kill('SIGKILL');
  if (!outcome) return 'it did not answer within 10 seconds';
  indexStreams(databaseFile, log);
  return supervise(child, ended, endpoint, surroundings.onLost);
}

function supervise(
  child: ChildProcess,
  ended: Promise<string>,
  endpoint: string,
  onLost: Surroundings['onLost'],
): Tables {
  let stopping = false;
  const watch = async () => {
    const reason = await ended;
    if (!stopping) onLost(`the DynamoDB emulator ended unexpectedly: ${reason}`);
  };
  void watch();
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(patience);
  };
  return { endpoint, stop };
}

/** Resolves when the process is over, with its last words. */
function endOf(child: ChildProcess, log: (text: string) => void): Promise<string> {
  let lastWords = '';
  const note = (chunk: Buffer) => {
    log(chunk.toString());
    lastWords = (lastWords + chunk.toString()).slice(-2000);
  };
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(`${lastWords.trim() || 'no message'} (${signal ?? `exit code ${code}`})`),
    );
  });
}

async function answers(endpoint: string, withinMs: number): Promise<boolean> {
  const client = dynamoDbClient(endpoint, { maxAttempts: 1 });
  const deadline = Date.now() + withinMs;
  let answered = false;
  while (!answered && Date.now() < deadline) {
    answered = await client.send(new ListTablesCommand({})).then(isTrue, () => delay(20, false));
  }
  client.destroy();
  return answered;
}

const isTrue = () => true;

function describeFailure(lastWords: string, databaseFile: string): string {
  return (
    `the DynamoDB emulator does not start with ${databaseFile}: ${lastWords}\n` +
    'if the file is broken, "npm start -- --fresh" forgets it and starts anew'
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
