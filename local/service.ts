import { type DataFolder, takeDataFolder } from './data-folder/data-folder.ts';
import { endLeftovers, forgetRecord, writeRecord } from './data-folder/running-service.ts';
import { clientsFor } from './emulators/clients.ts';
import { createResources } from './emulators/create-resources.ts';
import { startDynamoDb } from './emulators/dynamodb.ts';
import { startFauxqs } from './emulators/fauxqs.ts';
import { httpGateway } from './http-api/gateway.ts';
import { startHttpServer } from './http-api/server.ts';
import { issuerKey, publicKeys } from './issuer/issuer.ts';
import { Functions } from './lambda/functions.ts';
import { Logs } from './logs.ts';
import { Children } from './processes/children.ts';
import { bundlePrograms } from './processes/programs.ts';
import { startedProcess } from './processes/started-process.ts';
import { startMappings } from './queue/mappings.ts';
import { readAssembly } from './template/assembly.ts';
import { readResources } from './template/resources.ts';

export interface ServiceOptions {
  /** The cloud assembly that is run: `cdk.out`. */
  readonly assembly: string;
  readonly dataFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Shows the logs of the functions on the terminal, too. */
  readonly verbose?: boolean;
  /** Something died without which nothing works: the service has to be stopped. */
  readonly onLost: (reason: string) => void;
}

export interface Service {
  readonly url: string;
  readonly logFolder: string;
  readonly endpoints: {
    readonly http: string;
    readonly sqs: string;
    readonly s3: string;
    readonly dynamodb: string;
  };
  /** What a killed earlier run had left behind; it has been ended. */
  readonly leftovers: readonly string[];
  /** Running invocations get a short grace, then they are killed; their messages come back at the next start. */
  stop(): Promise<void>;
}

const graceMs = 2000;
// Longer than an HTTP API waits for an answer.
const request = { by: 'request', patienceMs: 30_000 } as const;

/** Runs the synthesised template. What has been started is stopped in reverse order, also when a later step fails. */
export async function startService(options: ServiceOptions): Promise<Service> {
  await using steps = new AsyncDisposableStack();
  const data = takeDataFolder(options.dataFolder);
  steps.defer(() => data.release());
  const leftovers = endLeftovers(data.path);
  const logs = new Logs(data.folder('logs'), { verbose: options.verbose ?? false });
  steps.defer(() => logs.close());

  const server = await startHttpServer(options.port, (error) => logs.alarm('http', String(error)));
  steps.defer(() => server.close(0));
  const { bootstrap, guardian } = bundlePrograms(data.folder('programs'));
  const children = watchChildren(guardian, {
    dataFolder: data.path,
    url: server.url,
    onLost: options.onLost,
  });
  steps.defer(() => children.close().then(() => forgetRecord(data.path)));
  const emulators = await startEmulators(steps, { data, children, logs, onLost: options.onLost });
  const endpoints = { http: server.url, ...emulators };

  const resources = readAssembly(options.assembly).flatMap((stack) => readResources(stack, endpoints));
  const clients = clientsFor(endpoints);
  await createResources(resources, clients);
  const functions = new Functions(resources, { data, endpoints, children, logs, bootstrap });
  steps.defer(() => functions.close());

  const keys = publicKeys(await issuerKey(data.path));
  server.serve(
    httpGateway(resources, { keys, invoke: (arn, event) => functions.invoke(arn, event, request) }),
  );
  const mappings = startMappings(resources, { sqs: clients.sqs, functions, logs });
  const running = steps.move();
  const stop = async () => {
    await Promise.all([server.close(graceMs), mappings.stop(graceMs)]);
    await functions.close();
    await mappings.drained();
    await running.disposeAsync();
  };
  return { url: server.url, logFolder: logs.folder, endpoints, leftovers, stop };
}

interface EmulatorSurroundings {
  readonly data: DataFolder;
  readonly children: Children;
  readonly logs: Logs;
  readonly onLost: (reason: string) => void;
}

async function startEmulators(
  steps: AsyncDisposableStack,
  { data, children, logs, onLost }: EmulatorSurroundings,
) {
  const queuesAndBlobs = await startFauxqs(data.folder('fauxqs'));
  steps.defer(() => queuesAndBlobs.stop());
  const tables = await startDynamoDb({
    databaseFile: data.file('dynamodb.sqlite'),
    children,
    log: (text) => logs.write('dynamodb', text),
    onLost,
  });
  steps.defer(() => tables.stop());
  return { sqs: queuesAndBlobs.endpoint, s3: queuesAndBlobs.endpoint, dynamodb: tables.endpoint };
}

interface Watched {
  readonly dataFolder: string;
  readonly url: string;
  readonly onLost: (reason: string) => void;
}

/** Keeps the record of the service and its children up to date in the data folder. */
function watchChildren(guardian: string, { dataFolder, url, onLost }: Watched): Children {
  const self = startedProcess(process.pid) ?? { pid: process.pid, startTime: '' };
  writeRecord(dataFolder, { ...self, url, children: [] });
  return new Children(guardian, {
    onChange: (children) => writeRecord(dataFolder, { ...self, url, children: [...children] }),
    onGuardianLost: () => onLost('the guardian of the child processes ended unexpectedly'),
  });
}
