import { sequenceMaker } from '../../../shared/job/sequence.ts';
import type { Creator } from '../../../shared/service/create-job.ts';
import { LonghaulError, Unavailable } from '../../../shared/service/errors.ts';
import type { Answer } from './happening.ts';
import { OPERATIONS, type World } from './world.ts';

type Unanswered = Extract<Answer, { is: 'refused' | 'unknown' }>;

interface Server {
  readonly skewMs: number;
  nextSequence: () => number;
}

const SERVERS = 3;

/** Calls the verbs of the service as the API does, on one of its processes, and tells what was answered. */
export class Client {
  readonly #world: World;
  readonly #servers: Server[];

  constructor(world: World) {
    this.#world = world;
    this.#servers = Array.from({ length: SERVERS }, () => this.#newServer(world.someSkew()));
  }

  #newServer(skewMs: number): Server {
    const { agenda, dice } = this.#world;
    return { skewMs, nextSequence: sequenceMaker(() => agenda.now + skewMs, dice.next) };
  }

  /** Nobody can tell what became of a call whose process has died, or that failed for no reason of its own. */
  async call<T>(make: (creator: Creator) => Promise<T>): Promise<{ is: 'done'; value: T } | Unanswered> {
    const world = this.#world;
    const server = world.dice.anyOf(this.#servers) ?? this.#newServer(0);
    const death = Promise.withResolvers<Unanswered>();
    const whenKilled = (): void => {
      Object.assign(server, this.#newServer(server.skewMs));
      death.resolve({ is: 'unknown' });
    };
    const host = world.newHost('api', whenKilled, server.skewMs);
    const creator = this.#creatorOn(host, server);
    const answer = make(creator).then((value) => ({ is: 'done' as const, value }), refusedOrUnknown);
    const first = await Promise.race([answer, death.promise]);
    if (!host.isDead)
      for (const what of host.pending) world.see({ kind: 'left-behind', host: host.name, what }, host.name);
    host.freeze();
    return first;
  }

  #creatorOn(host: ReturnType<World['newHost']>, { nextSequence }: Server): Creator {
    const { dice, newId, tell } = this.#world;
    const ports = this.#world.portsOf(host, { role: 'client' });
    return {
      ...ports,
      sleep: (ms) =>
        new Promise((resolve) => {
          ports.alarm(ms, resolve);
        }),
      random: dice.next,
      inputs: { sizeOf: () => Promise.resolve(undefined), keepFor: () => Promise.resolve() },
      operations: OPERATIONS,
      nextSequence,
      newId,
      log: (text) => tell(host.name, text),
    };
  }
}

function refusedOrUnknown(error: unknown): Unanswered {
  const isRefusal = error instanceof LonghaulError && !(error instanceof Unavailable);
  return isRefusal ? { is: 'refused', code: error.code } : { is: 'unknown' };
}
