import { systemClock } from './clock.ts';
import { takeDataFolder } from './data-folder/data-folder.ts';
import { endLeftovers, forgetRecord, writeRecord } from './data-folder/running-service.ts';
import { clientsFor } from './emulators/clients.ts';
import { createResources } from './emulators/create-resources.ts';
import { startEmulators } from './emulators/start-emulators.ts';
import { startTtlSweeper } from './emulators/ttl-sweeper.ts';
import type { ServiceEndpoints } from './endpoints.ts';
import { startEventSources } from './event-sources.ts';
import { httpGateway } from './http-api/gateway.ts';
import { startHttpServer } from './http-api/server.ts';
import { startIamProxy } from './iam/proxy.ts';
import { issuerKey, publicKeys } from './issuer/keys.ts';
import { Functions } from './lambda/functions.ts';
import { Logs } from './logs.ts';
import { Children } from './processes/children.ts';
import { bundlePrograms } from './processes/programs.ts';
import { startedProcess } from './processes/started-process.ts';
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
  /** Whether functions may do only what the policies of their roles allow; on unless it is switched off. */
  readonly iam?: boolean;
  /** Something died without which nothing works: the service has to be stopped. */
  readonly onLost: (reason: string) => void;
}

export interface Service {
  readonly url: string;
  readonly logFolder: string;
  /** Of the emulators themselves, with nothing in front of them. */
  readonly endpoints: ServiceEndpoints & { readonly http: string };
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
  const endpoints = { http: server.url, ...emulators.endpoints };

  const asksPolicies = options.iam ?? true;
  const iam = await startIamProxy({ ...emulators.endpoints }, logs, { asksPolicies });
  steps.defer(() => iam.close());
  // The addresses that functions see, and give away in presigned URLs.
  const guarded = iam.inFrontOf(endpoints);
  const resources = readResources(readAssembly(options.assembly), guarded);
  iam.enforce(resources);
  const clients = clientsFor(endpoints);
  await createResources(resources, { ...clients, sns: endpoints.sns });
  const log = (text: string) => logs.write('dynamodb', text);
  steps.defer(startTtlSweeper(resources, { dynamodb: clients.dynamodb, clock: systemClock, log }));
  const functions = new Functions(resources, { data, endpoints: guarded, children, logs, bootstrap });
  steps.defer(() => functions.close());

  const keys = publicKeys(await issuerKey(data.path));
  server.serve(
    httpGateway(resources, { keys, invoke: (arn, event) => functions.invoke(arn, event, request) }),
  );
  const sources = await startEventSources(resources, { data, emulators, sqs: clients.sqs, functions, logs });
  const running = steps.move();
  const stop = async () => {
    await Promise.all([server.close(graceMs), sources.stop(graceMs)]);
    await functions.close();
    await sources.drained();
    await running.disposeAsync();
  };
  return { url: server.url, logFolder: logs.folder, endpoints, leftovers, stop };
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
