import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FaultyTemplate } from '../cannot-start.ts';
import type { Resource } from '../template/resources.ts';
import { type BucketCors, bucketCors, corsHeaders, preflightAnswer } from './bucket-cors.ts';
import { answerInstead, forward } from './forward.ts';
import { Gate, type Upstreams } from './gate.ts';
import { callersOf } from './guard.ts';
import { missingInvokePermissions } from './invoke-permissions.ts';
import { missingRoleGrants } from './role-duties.ts';
import { type LogWriter, Witness } from './witness.ts';

export interface IamProxy {
  readonly url: string;
  /**
   * The same endpoints, those of emulators replaced by the address of the proxy: it tells them apart by the signature. Where no
   * policies are asked, only S3 has anything to ask.
   */
  inFrontOf<E extends Endpoints>(endpoints: E): E;
  /**
   * The roles of the templates apply from now on; before, every key but the runtime's own is unknown. Refuses templates whose
   * roles lack what AWS itself does with them.
   */
  enforce(resources: readonly Resource[]): void;
  close(): Promise<void>;
}

interface Endpoints {
  readonly http: string;
}

/**
 * Stands before the emulators and lets each function do what the policies of its role allow, as IAM would. Without
 * `asksPolicies` functions may do everything, and only S3 is behind it: keys, presigned URLs and the CORS rules of buckets are still looked at.
 */
export async function startIamProxy(
  upstreams: Upstreams,
  logs: LogWriter,
  { asksPolicies = true } = {},
): Promise<IamProxy> {
  const gate = new Gate(upstreams, new Witness(logs), { asksPolicies });
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
  let buckets: BucketCors = new Map();
  // No limit on the time that a request takes: an upload may be slow.
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    // As if the proxy were not there: whoever calls sees a broken connection.
    answer({ gate, agent, buckets }, request, response).catch(() => response.destroy());
  });
  const url = await listen(server);
  return {
    url,
    inFrontOf: (endpoints) => {
      const emulators = Object.keys(endpoints).filter((name) =>
        asksPolicies ? name !== 'http' : name === 's3',
      );
      return { ...endpoints, ...Object.fromEntries(emulators.map((name) => [name, url])) };
    },
    enforce: (resources) => {
      const faults = [...missingRoleGrants(resources), ...missingInvokePermissions(resources)];
      if (asksPolicies && faults.length > 0) throw new FaultyTemplate(faults);
      buckets = bucketCors(resources);
      gate.enforce(callersOf(resources));
    },
    close: () => close(server, agent),
  };
}

interface Surroundings {
  readonly gate: Gate;
  readonly agent: Agent;
  readonly buckets: BucketCors;
}

async function answer(
  { gate, agent, buckets }: Surroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'OPTIONS')
    return answerInstead(request, response, preflightAnswer(buckets, request));
  for (const [name, value] of Object.entries(corsHeaders(buckets, request))) response.setHeader(name, value);
  const verdict = await gate.judge(request);
  if (verdict.kind === 'forward') return forward(request, response, { agent, ...verdict });
  request.resume(); // the rest of an upload, so that the connection can be used again
  answerInstead(request, response, verdict.answer);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
}

function close(server: Server, agent: Agent): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    agent.destroy();
  });
}
