import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { startFauxqs as startOnAllInterfaces } from 'fauxqs';
import { CannotStart } from '../cannot-start.ts';
import { mendQueues } from './mended-queues.ts';
import { refuseLongDelays } from './queue-limits.ts';

export interface QueuesAndBlobs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts SQS and S3 in this process, on a free port of the loopback interface; everything is kept in `dataFolder`. */
export async function startFauxqs(dataFolder: string): Promise<QueuesAndBlobs> {
  await mendQueues();
  try {
    const server = await onLoopback(() =>
      startOnAllInterfaces({ port: 0, logger: false, dataDir: dataFolder }),
    );
    return { endpoint: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
  } catch (cause) {
    const broken = `the queues and blobs in ${dataFolder} cannot be opened: ${String(cause)}`;
    throw new CannotStart(`${broken}\n"npm start -- --fresh" forgets them and starts anew`, { cause });
  }
}

interface Fastify {
  listen(options: { port: number; host: string }): Promise<string>;
  addHook(name: 'onRoute', hook: (route: { bodyLimit?: number }) => void): void;
  addHook(name: 'preHandler', hook: typeof refuseLongDelays): void;
}

/** SQLite keeps a blob of up to a gigabyte; the emulator itself would refuse a PUT of more than 11 MiB. */
const largestPut = 1_000_000_000;

/**
 * fauxqs hard-codes the address 0.0.0.0. It is built on Fastify, which announces every new instance on a diagnostics channel
 * for just such adjustments; the instance is created before `start` returns its promise, so no other one can be meant.
 */
async function onLoopback<T extends { stop(): Promise<void> }>(start: () => Promise<T>): Promise<T> {
  let adjusted = 0;
  const adjust = (message: unknown) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented by Fastify for this channel
    adjustServer((message as { fastify: Fastify }).fastify);
    adjusted++;
  };
  subscribe('fastify.initialization', adjust);
  const starting = start();
  unsubscribe('fastify.initialization', adjust);
  const server = await starting;
  if (adjusted === 1) return server;
  await server.stop();
  throw new Error('fauxqs was not caught: it would listen on all interfaces');
}

function adjustServer(fastify: Fastify): void {
  const listen = fastify.listen.bind(fastify);
  fastify.listen = (options) => listen({ ...options, host: '127.0.0.1' });
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = largestPut;
  });
  fastify.addHook('preHandler', refuseLongDelays);
}
