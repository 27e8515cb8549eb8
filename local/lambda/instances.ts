import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LambdaFunction } from './function.ts';
import { Instance, type InstanceSurroundings } from './instance.ts';
import { failed, type InvocationResult } from './messages.ts';

/** A caller of the HTTP API waits for its answer; what comes from a queue can wait. */
export type InvokedBy = 'request' | 'queue';

interface Place {
  readonly fn: LambdaFunction;
  readonly instance: Instance;
  busyFor: InvokedBy | undefined;
  idleTimer?: NodeJS.Timeout;
}

interface Waiting {
  readonly fn: LambdaFunction;
  readonly by: InvokedBy;
  readonly given: (place: Place | undefined) => void;
  /** No instance of its function has become free for so long that another one is worth its start. */
  hasWaited: boolean;
}

export interface Caller {
  readonly by: InvokedBy;
  readonly patienceMs: number;
}

export const throttled = failed('TooManyRequestsException', 'Rate Exceeded.');

export const isThrottled = (result: InvocationResult) => result === throttled;

export interface PlaceLimits {
  /** Processes of all functions together. */
  readonly places: number;
  /** So many of them are never given to queues, so that a request need not wait for the end of a long run. */
  readonly keptForRequests: number;
  readonly idleMs: number;
  /** So many instances of one function are started at once; for more of them an event has to wait. */
  readonly atOnce: number;
}

const defaultLimits: PlaceLimits = {
  places: 8,
  keptForRequests: 2,
  idleMs: 60_000,
  // More of them than processors make nothing faster.
  atOnce: Math.max(2, availableParallelism()),
};
/**
 * To load a function takes half a second of a processor, a hundred times as long as most events: who meets busy instances of its
 * function only waits so long for one of them before another is started, or another function's idle one is ended for it.
 */
const worthAStartMs = 250;

/** The function instances of the service: started when needed, used again, ended when idle; never more than there are places. */
export class Instances {
  readonly #around: InstanceSurroundings;
  readonly #limits: PlaceLimits;
  readonly #places = new Set<Place>();
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(around: InstanceSurroundings, limits: Partial<PlaceLimits> = {}) {
    this.#around = around;
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Waits for a place, but no longer than the caller has patience: then it is throttled, as by Lambda. */
  async invoke(fn: LambdaFunction, event: string, { by, patienceMs }: Caller): Promise<InvocationResult> {
    const place = await this.#placeFor(fn, by, patienceMs);
    if (!place) return throttled;
    const requestId = randomUUID();
    void place.instance.settled(requestId).then(() => this.#release(place));
    return place.instance.invoke(requestId, event);
  }

  /** Whether an invocation of this function could start at once; that of another may wait for one of its own. */
  hasPlaceFor(fn: LambdaFunction, by: InvokedBy): boolean {
    const isBehind = this.#waiting.some((waiting) => waiting.fn === fn || waiting.hasWaited);
    return !this.#closed && !isBehind && this.#mayTake(by) && this.#canProvide(fn);
  }

  get runningCount(): number {
    return this.#busy().length;
  }

  /** Waiting callers are refused; running invocations are killed, their messages come back later. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { given } of this.#waiting.splice(0)) given(undefined);
    const ending = [...this.#places].map(({ instance }) => instance.over);
    for (const place of this.#places) this.#end(place);
    await Promise.all(ending);
  }

  #placeFor(fn: LambdaFunction, by: InvokedBy, patienceMs: number): Promise<Place | undefined> {
    const { promise, resolve: given } = Promise.withResolvers<Place | undefined>();
    if (this.#closed) given(undefined);
    else this.#wait({ fn, by, given, hasWaited: false }, patienceMs);
    return promise;
  }

  #wait(waiting: Waiting, patienceMs: number): void {
    const patience = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== served);
      served.given(undefined);
    }, patienceMs);
    const look = setInterval(() => {
      // One that is loading will be there sooner than another one.
      served.hasWaited ||= !this.#of(waiting.fn).some(({ instance }) => instance.isLoading);
      this.#serveWaiting();
    }, worthAStartMs);
    const served = {
      ...waiting,
      given: (place: Place | undefined) => {
        clearTimeout(patience);
        clearInterval(look);
        waiting.given(place);
      },
    };
    this.#waiting.push(served);
    this.#serveWaiting();
  }

  /** Requests first, then in order of arrival. */
  #serveWaiting(): void {
    this.#waiting = this.#waiting
      .toSorted((a, b) => Number(a.by === 'queue') - Number(b.by === 'queue'))
      .filter((waiting) => !this.#serve(waiting));
  }

  #serve({ fn, by, given, hasWaited }: Waiting): boolean {
    if (!this.#mayTake(by)) return false;
    const place = this.#idleOf(fn) ?? (this.#isWorthAStart(fn, hasWaited) ? this.#provide(fn) : undefined);
    if (!place) return false;
    clearTimeout(place.idleTimer);
    place.busyFor = by;
    given(place);
    return true;
  }

  #mayTake(by: InvokedBy): boolean {
    const forQueues = this.#busy().filter(({ busyFor }) => busyFor === 'queue').length;
    return by === 'request' || forQueues < this.#limits.places - this.#limits.keptForRequests;
  }

  #canProvide(fn: LambdaFunction): boolean {
    return (
      this.#places.size < this.#limits.places || this.#idleOf(fn) !== undefined || this.#idle().length > 0
    );
  }

  #isWorthAStart(fn: LambdaFunction, hasWaited: boolean): boolean {
    const own = this.#of(fn).length;
    const isFull = this.#places.size >= this.#limits.places;
    return hasWaited || own === 0 || (!isFull && own < this.#limits.atOnce);
  }

  /** A new instance of the function, if need be in the place of another function's idle one. */
  #provide(fn: LambdaFunction): Place | undefined {
    if (this.#places.size >= this.#limits.places) {
      const [longestIdle] = this.#idle();
      if (!longestIdle) return undefined;
      this.#end(longestIdle);
    }
    return this.#start(fn);
  }

  #start(fn: LambdaFunction): Place {
    const place: Place = { fn, instance: new Instance(fn, this.#around), busyFor: undefined };
    this.#places.add(place);
    void place.instance.over.then(() => this.#leave(place));
    return place;
  }

  #leave(place: Place): void {
    this.#end(place);
    this.#serveWaiting();
  }

  #release(place: Place): void {
    if (!this.#places.has(place)) return;
    // To the back of the line: the first idle one is the one that has been idle longest.
    this.#places.delete(place);
    this.#places.add(place);
    place.busyFor = undefined;
    place.idleTimer = setTimeout(() => this.#end(place), this.#limits.idleMs).unref();
    this.#serveWaiting();
  }

  #end(place: Place): void {
    clearTimeout(place.idleTimer);
    this.#places.delete(place);
    place.instance.kill();
  }

  #of = (fn: LambdaFunction) => [...this.#places].filter((place) => place.fn === fn);
  #busy = () => [...this.#places].filter(({ busyFor }) => busyFor !== undefined);
  #idle = () => [...this.#places].filter(({ busyFor }) => busyFor === undefined);
  #idleOf = (fn: LambdaFunction) => this.#idle().findLast((place) => place.fn === fn);
}
