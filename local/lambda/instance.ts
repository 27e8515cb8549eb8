import { type ChildProcess, spawn } from 'node:child_process';
import type { Children } from '../processes/children.ts';
import type { LambdaFunction } from './function.ts';
import { type Limits, watchLimits } from './limits.ts';
import { type FromInstance, failed, type InvocationResult, type Invoke } from './messages.ts';

export interface InstanceSurroundings {
  readonly children: Children;
  /** The program that runs in the process of an instance. */
  readonly bootstrap: string;
  readonly log: (fn: LambdaFunction, text: string) => void;
  /** A fault of a function's code that Lambda would hide now and punish later. */
  readonly reportBug: (fn: LambdaFunction, text: string) => void;
}

// A part of the memory is Node's own; Lambda leaves the heap this much, and this much of it to what is young.
const heapShare = 0.9;
const youngShare = 0.05;
// Lambda gives the code ten seconds to load.
const initLimitMs = 10_000;
const settleLimitMs = 5000;

/** One process of a function. It handles one event at a time; one that takes too long or too much memory is killed. */
export class Instance {
  readonly fn: LambdaFunction;
  readonly #around: InstanceSurroundings;
  readonly #child: ChildProcess;
  readonly #over: Promise<InvocationResult>;
  readonly #initError: Promise<InvocationResult | undefined>;
  #isLoading = true;

  constructor(fn: LambdaFunction, around: InstanceSurroundings) {
    this.fn = fn;
    this.#around = around;
    this.#child = startProcess(fn, around);
    this.#over = endOf(this.#child);
    this.#initError = this.#initialise();
  }

  /** Whether its code is not ready for an event yet. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Resolves when the process is gone. */
  get over(): Promise<unknown> {
    return this.#over;
  }

  /** The answer of the function, or the error that Lambda would report; never rejects. */
  async invoke(requestId: string, event: string): Promise<InvocationResult> {
    const initError = await this.#initError;
    if (initError) {
      this.#reportInit(initError);
      return initError;
    }
    const limits = watchLimits(this.#child, this.fn, requestId);
    const answered = this.#next('answered', requestId);
    const { arn: functionArn, timeoutMs } = this.fn;
    const invoke: Invoke = {
      type: 'invoke',
      requestId,
      functionArn,
      event,
      deadlineMs: Date.now() + timeoutMs,
    };
    this.#child.send(invoke, () => {}); // an error shows as the end of the process
    const answer = answered.then((message) => {
      limits.noteMemory(message.memoryMb);
      return message.result;
    });
    const result = await Promise.race([answer, limits.exceeded, this.#over]);
    this.#report(requestId, limits, result);
    return result;
  }

  /** Resolves when the instance may take another event, or is over. Call it before `invoke`. */
  async settled(requestId: string): Promise<void> {
    const settled = this.#next('settled', requestId);
    void this.#next('answered', requestId).then(() => this.#endIfStuck(settled, requestId));
    const message = await Promise.race([settled, this.#over]);
    if (!('leftBehind' in message) || message.leftBehind.length === 0) return;
    this.#around.reportBug(this.fn, describeLeftovers(requestId, message.leftBehind));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Code that keeps its process busy after the answer would hold the place for ever. */
  async #endIfStuck(settled: Promise<unknown>, requestId: string): Promise<void> {
    const stuck = setTimeout(() => {
      this.#around.reportBug(this.fn, describeLeftovers(requestId, ['a computation that does not end']));
      this.kill();
    }, settleLimitMs);
    await Promise.race([settled, this.#over]);
    clearTimeout(stuck);
  }

  async #initialise(): Promise<InvocationResult | undefined> {
    const tooLate = setTimeout(() => this.kill(), initLimitMs);
    const failure = this.#next('initFailed').then(({ error }): InvocationResult => ({ ok: false, error }));
    const outcome = await Promise.race([this.#next('ready').then(() => undefined), failure, this.#over]);
    clearTimeout(tooLate);
    this.#isLoading = false;
    return outcome;
  }

  #next<T extends FromInstance['type']>(
    type: T,
    requestId?: string,
  ): Promise<Extract<FromInstance, { type: T }>> {
    return new Promise((resolve) => {
      const listen = (message: FromInstance) => {
        if (message.type !== type || ('requestId' in message && message.requestId !== requestId)) return;
        this.#child.off('message', listen);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its type was compared
        resolve(message as Extract<FromInstance, { type: T }>);
      };
      this.#child.on('message', listen);
    });
  }

  #reportInit(result: InvocationResult): void {
    const error = result.ok ? '' : ` Error Type: ${result.error.errorType} ${result.error.errorMessage}`;
    this.#around.log(this.fn, `INIT_REPORT Phase: init Status: error${error}\n`);
  }

  #report(requestId: string, limits: Limits, result: InvocationResult): void {
    const { durationMs, maxMemoryMb } = limits.stop();
    const error = result.ok ? '' : ` ${result.error.errorType}: ${result.error.errorMessage}`;
    const memory = `Memory Size: ${this.fn.memoryMb} MB Max Memory Used: ${Math.round(maxMemoryMb)} MB`;
    this.#around.log(
      this.fn,
      `REPORT RequestId: ${requestId} Duration: ${durationMs} ms ${memory}${error}\n`,
    );
  }
}

function startProcess(fn: LambdaFunction, { children, bootstrap, log }: InstanceSurroundings): ChildProcess {
  const heapLimits = [
    `--max-old-space-size=${Math.floor(fn.memoryMb * heapShare)}`,
    `--max-semi-space-size=${Math.floor(fn.memoryMb * youngShare)}`,
  ];
  const child = spawn(process.execPath, [...heapLimits, bootstrap], {
    env: fn.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  children.add(child, `function ${fn.name}`);
  child.stdout?.on('data', (chunk: Buffer) => log(fn, chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => log(fn, chunk.toString()));
  child.setMaxListeners(20);
  return child;
}

function endOf(child: ChildProcess): Promise<InvocationResult> {
  return new Promise((resolve) => {
    // `close` comes after the last output and the last message; `exit` may come before them.
    child.once('close', (code, signal) => {
      resolve(failed('Runtime.ExitError', `Error: Runtime exited ${exitReason(code, signal)}`));
    });
    child.once('error', (error) =>
      resolve(failed('ServiceException', `Error: no process: ${error.message}`)),
    );
  });
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'with error: signal: killed';
  if (signal !== null)
    return `with error: signal: ${signal === 'SIGABRT' ? 'aborted (core dumped)' : signal}`;
  return code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
}

function describeLeftovers(requestId: string, leftBehind: readonly string[]): string {
  const list = leftBehind.join(', ');
  return `request ${requestId} was answered, but this is still going on and Lambda would freeze it: ${list}`;
}
