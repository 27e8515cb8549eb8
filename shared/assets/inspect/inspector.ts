import type { Worker } from 'node:worker_threads';
import { askWorker, startWorker } from './ask-worker.ts';
import { glance } from './glance.ts';
import { identify } from './identify.ts';
import type { Failure, Inspection } from './inspection.ts';
import { messageOf } from './message-of.ts';

export type InspectorOptions = {
  /** `worker.ts` beside this file, or the bundle made from it. */
  readonly workerUrl: URL;
  /** For one file; 10 seconds if not given. */
  readonly timeLimitMs?: number;
  /** Of the worker's heap; 512 if not given. The bytes of the file come on top. */
  readonly memoryLimitMb?: number;
};

/**
 * Runs `inspectFile` where a hostile file can do no harm: in a worker thread with a time and a memory limit, one file
 * at a time, further ones in line. A file that breaks a limit is answered as failed; its worker is ended, and the next
 * file gets a new one. An idle worker does not keep the process alive.
 */
export class Inspector {
  readonly #workerUrl: URL;
  readonly #timeLimitMs: number;
  readonly #memoryLimitMb: number;
  readonly #closing = new AbortController();
  #worker: Worker | undefined;
  #line: Promise<unknown> = Promise.resolve();

  constructor({ workerUrl, timeLimitMs = 10_000, memoryLimitMb = 512 }: InspectorOptions) {
    this.#workerUrl = workerUrl;
    this.#timeLimitMs = timeLimitMs;
    this.#memoryLimitMb = memoryLimitMb;
  }

  /** Rejects only when `signal` is aborted, the inspector is closed, or the worker cannot be started. */
  inspect(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Inspection> {
    const stop = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    const turn = this.#line.then(() => this.#inspectNow(name, bytes, stop));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  /** Stops the file in hand and ends the worker. What is still in line is rejected. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The inspector was closed.'));
    await this.#line;
    await this.#endWorker();
  }

  async #inspectNow(name: string, bytes: Uint8Array, stop: AbortSignal): Promise<Inspection> {
    stop.throwIfAborted();
    const worker = await this.#liveWorker();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#timeLimitMs);
    worker.ref();
    try {
      return await askWorker(worker, name, bytes, AbortSignal.any([stop, limit.signal]));
    } catch (error) {
      await this.#endWorker();
      stop.throwIfAborted();
      return {
        ...identify(bytes),
        ...glance(name, bytes),
        failure: this.#failureOf(error, limit.signal.aborted),
      };
    } finally {
      clearTimeout(timer);
      worker.unref();
    }
  }

  async #liveWorker(): Promise<Worker> {
    if (this.#worker) return this.#worker;
    const worker = await startWorker(this.#workerUrl, { maxOldGenerationSizeMb: this.#memoryLimitMb });
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    return worker;
  }

  async #endWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #failureOf(error: unknown, tookTooLong: boolean): Failure {
    if (tookTooLong)
      return { code: 'took-too-long', reason: `reading it took longer than ${this.#timeLimitMs / 1000} s` };
    if (isOutOfMemory(error)) {
      return {
        code: 'out-of-memory',
        reason: `reading it took more than ${this.#memoryLimitMb} MB of memory`,
      };
    }
    return { code: 'crashed', reason: `reading it failed: ${messageOf(error)}` };
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
