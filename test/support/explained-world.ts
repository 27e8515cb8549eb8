import type { Job } from '../../shared/job/job.ts';
import type { PersonVerb } from '../../shared/job/open-verbs.ts';
import type { Caller } from '../../shared/service/caller.ts';
import { createJob } from '../../shared/service/create-job.ts';
import { explainJob } from '../../shared/service/explain/explain-job.ts';
import type { Load } from '../../shared/service/explain/lane-load.ts';
import { ringOf } from '../../shared/service/ring-of.ts';
import { cancelJob, pauseJob, postponeJob, resumeJob } from '../../shared/service/verbs.ts';
import { anOperation, aWorld, hear, theJob, type World, withOperation } from './a-world.ts';
import { ADMIN, OPERATOR } from './callers.ts';
import { MemoryLaneLoad } from './memory/memory-lane-load.ts';
import { Killed } from './mortal.ts';

/** How a worker's slice ends. */
export type End = 'gets done' | 'fails' | 'needs more time' | 'dies';

/** What happens to one of the jobs, or to all of them. */
export type Happening =
  | { readonly what: 'ring'; readonly place: number; readonly end: End }
  | { readonly what: 'ask'; readonly place: number; readonly verb: PersonVerb; readonly inMs: number }
  | { readonly what: 'time'; readonly ms: number };

/** Three jobs of a token and one without, the real service in memory, and workers that do as they are told. */
export const JOBS = 4;
const LEASE_MS = 60_000;

export class ExplainedWorld {
  readonly world: World;
  readonly jobs: Job[] = [];
  readonly laneLoad = new MemoryLaneLoad();
  #end: End = 'gets done';
  #isDead = false;

  private constructor() {
    const world = aWorld();
    const make = world.jobs.make.bind(world.jobs);
    // A process that has died writes nothing any more.
    world.jobs.make = (step) => (this.#isDead ? Promise.reject(new Killed()) : make(step));
    this.world = withOperation(world, anOperation({ run: () => this.#run() }));
  }

  /** The world after all this has happened. */
  static async after(happenings: readonly Happening[], load: Omit<Load, 'lane'>): Promise<ExplainedWorld> {
    const one = new ExplainedWorld();
    one.laneLoad.now = load;
    const order = { operation: 'count-to', input: {}, maxRetries: 2 };
    for (let place = 0; place < JOBS; place++) {
      const token = place === JOBS - 1 ? {} : { dependencyToken: 'line' };
      one.jobs.push((await createJob({ ...order, ...token }, OPERATOR, one.world)).job);
    }
    for (const happening of happenings) await one.#happen(happening);
    return one;
  }

  async *#run(): AsyncGenerator<{ done: number; cursor: number }, object, void> {
    this.#isDead = this.#end === 'dies';
    if (this.#isDead) throw new Killed();
    if (this.#end === 'fails') throw new Error('No.');
    if (this.#end === 'needs more time') {
      this.world.clock.advance(1);
      yield { done: 1, cursor: 1 };
    }
    return {};
  }

  async #happen(happening: Happening): Promise<void> {
    const { clock } = this.world;
    if (happening.what === 'time') return clock.advance(happening.ms);
    const job = await this.row(happening.place);
    if (job === undefined) return;
    if (happening.what === 'ring') return this.ring(job, happening.end);
    // Illegal moves are made too: they are refused, and nothing else.
    await this.ask(happening.verb, job.jobId, ADMIN, happening.inMs).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'VerbRefused') throw error;
    });
  }

  row(place: number): Promise<Job | undefined> {
    return this.world.jobs.get(this.jobs[place]?.jobId ?? '');
  }

  read = (jobId: string): Promise<Job> => theJob(jobId, this.world);

  /** One ring is heard for this job, or for the head of its line; nobody goes on with the next one. */
  async ring(job: Job, end: End): Promise<void> {
    const { clock, operations } = this.world;
    this.#end = end;
    const now = clock();
    const ring = { ...ringOf(job, operations), lane: 'bulk' as const };
    const times = { sliceMs: 1, drainUntil: now, leaseEndsAt: now + LEASE_MS };
    await hear(ring, this.world, times).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    this.#isDead = false;
  }

  ask(verb: PersonVerb, jobId: string, caller: Caller, inMs = 0): Promise<unknown> {
    const { world } = this;
    const until = new Date(world.clock() + inMs).toISOString();
    const asked: Partial<Record<PersonVerb, () => Promise<unknown>>> = {
      cancel: () => cancelJob(jobId, caller, world),
      pause: () => pauseJob(jobId, caller, world),
      resume: () => resumeJob(jobId, caller, world),
      postpone: () => postponeJob(jobId, { until }, caller, world),
    };
    const ask = asked[verb];
    if (ask === undefined) throw new Error(`Nobody asks for "${verb}" here.`);
    return ask();
  }

  explain = (jobId: string, caller: Caller = ADMIN) =>
    explainJob(jobId, caller, { ...this.world, laneLoad: this.laneLoad });
}
