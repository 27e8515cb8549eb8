import { parseArgs } from 'node:util';
import { CannotStart } from './cannot-start.ts';
import { dataFolderPath, forgetDataFolder } from './data-folder/data-folder.ts';
import { type Service, startService } from './service.ts';
import { describeSynthesis, projectRoot, synthesise } from './synth.ts';

/** `npm start`: runs the whole service on this machine until it is told to stop. */
const defaultPort = 4000;
const stopLimitMs = 10_000;

let service: Service | undefined;
let stoppingSince: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
if (process.env['npm_lifecycle_event']) stopWithNpm();

try {
  await start();
} catch (error) {
  console.error(error instanceof CannotStart ? `Longhaul cannot start: ${error.message}` : error);
  process.exit(1);
}

async function start(): Promise<void> {
  const { fresh, ...flags } = readFlags();
  const port = readPort();
  const dataFolder = dataFolderPath(projectRoot);
  if (fresh) forgetDataFolder(dataFolder);
  const synthesis = await synthesise({ onStale: () => console.log('Synthesising the template …') });
  if (synthesis.isNew) console.log(describeSynthesis(synthesis));
  service = await startService({ assembly: synthesis.assembly, dataFolder, port, ...flags, onLost });
  console.log(welcome(service));
}

function readFlags(): { fresh: boolean; verbose: boolean; iam: boolean } {
  try {
    const options = {
      fresh: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      iam: { type: 'boolean', default: true },
    } as const;
    return parseArgs({ options, allowNegative: true }).values;
  } catch (cause) {
    throw new CannotStart(`${String(cause)}\nusage: npm start -- [--fresh] [--verbose] [--no-iam]`, {
      cause,
    });
  }
}

function readPort(): number {
  const text = process.env['PORT'] ?? String(defaultPort);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CannotStart(`PORT is "${text}", not a port number`);
  return port;
}

function welcome({ url, logFolder, leftovers }: Service): string {
  const token = `${ownDataFolder()}npm --prefix ${shellQuoted(projectRoot)} run --silent token -- operator`;
  const body = `{"operation":"process-assets","input":{"folder":"/content/dam"}}`;
  return [
    ...leftovers.map((leftover) => `Ended what an earlier run had left behind: ${leftover}`),
    `Longhaul is ready at ${url}`,
    '',
    'A token for a day of work (admin, operator or reader):',
    `  ${token}`,
    'A job, from another shell:',
    `  curl -s ${url}/jobs -H "Authorization: Bearer $(${token})" -H 'Content-Type: application/json' -d '${body}'`,
    `Logs: ${logFolder}`,
    'Ctrl-C stops; the data stay. "npm start -- --fresh" forgets them.',
  ].join('\n');
}

/** The key of the issuer lies in the data folder: who asks for a token has to name the same one. */
function ownDataFolder(): string {
  return process.env['LONGHAUL_DATA'] ? `LONGHAUL_DATA=${shellQuoted(dataFolderPath(projectRoot))} ` : '';
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function onLost(reason: string): void {
  if (stoppingSince !== undefined) return;
  console.error(`Longhaul stops: ${reason}`);
  void stop(1);
}

/** A second signal ends the process at once (the guardian ends its children): npm passes on what the terminal sends as well. */
function onSignal(): void {
  const isRepeated = stoppingSince !== undefined && Date.now() - stoppingSince > 1000;
  if (isRepeated) process.exit(1);
  void stop(0);
}

/** npm does not always pass on the signal that ends it. */
function stopWithNpm(): void {
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) void stop(0);
  }, 500).unref();
}

async function stop(exitCode: number): Promise<void> {
  if (stoppingSince !== undefined) return;
  stoppingSince = Date.now();
  setTimeout(() => process.exit(1), stopLimitMs).unref();
  await service?.stop();
  process.exit(exitCode);
}
