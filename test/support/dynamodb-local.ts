import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** `npm run test:dynamodb-local`: the integration tests on Amazon's own DynamoDB Local, in memory, on a port of the loopback. */
const source = 'amplify-dynamodb-simulator@2.9.30';
const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'dynamodb-local', source);
const startsWithinMs = 30_000;

if (spawnSync('java', ['-version']).error === undefined) {
  process.exitCode = await runTests(process.argv.slice(2));
} else {
  console.log('Skipped: there is no Java on this machine, and DynamoDB Local needs one (17 or later).');
}

async function runTests(options: readonly string[]): Promise<number> {
  const port = await freePort();
  const database = start(fetchJar(), port);
  try {
    await answering(database, port);
    return await jest(options, `http://127.0.0.1:${port}`);
  } finally {
    database.kill('SIGKILL');
  }
}

/** The jar is published inside a package of Amplify; npm checks what it downloads against the registry's hash. */
function fetchJar(): string {
  const folder = join(cache, 'package', 'emulator');
  if (!existsSync(join(folder, 'DynamoDBLocal.jar'))) {
    mkdirSync(cache, { recursive: true });
    console.log(`Fetching DynamoDB Local (${source}) …`);
    execFileSync('npm', ['pack', '--silent', '--pack-destination', cache, source], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const archive = readdirSync(cache).find((name) => name.endsWith('.tgz'));
    execFileSync('tar', ['-xzf', archive ?? source, 'package/emulator'], { cwd: cache });
  }
  return folder;
}

function start(folder: string, port: number): ChildProcess {
  const jar = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  // Without -sharedDb each access key would have tables of its own.
  const options = ['-inMemory', '-sharedDb', '-port', String(port)];
  return spawn('java', ['-Xmx512m', ...jar, ...options], { cwd: folder, stdio: 'ignore' });
}

async function answering(database: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + startsWithinMs;
  while (Date.now() < deadline && database.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}`).then(
      () => true,
      () => delay(100, false),
    );
    if (answered) return;
  }
  throw new Error(`DynamoDB Local does not answer (exit code ${database.exitCode})`);
}

/** One file after the other: they share the tables, which each file forgets first. */
function jest(options: readonly string[], endpoint: string): Promise<number> {
  const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const choice = ['--runInBand', '--selectProjects', 'contract', 'integration', ...options];
  const tests = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', program, ...choice], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DYNAMODB_ENDPOINT: endpoint, LONGHAUL_TESTS_FORGET_TABLES: 'yes' },
  });
  return new Promise((resolve) => tests.once('close', (code) => resolve(code ?? 1)));
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
