import type { Clock } from '../clock.ts';
import { isThrottled } from './instances.ts';
import type { InvocationResult } from './messages.ts';

interface Surroundings {
  readonly clock: Clock;
  invoke(functionArn: string, event: string): Promise<InvocationResult>;
  log(functionArn: string, text: string): void;
}

interface Waiting {
  readonly functionArn: string;
  readonly event: string;
  readonly receivedMs: number;
  readonly errors: number;
  readonly throttles: number;
}

// "Lambda retries the function up to two more times", after one minute and after two more.
const waitsAfterErrorMs = [60_000, 120_000];
// While a function is throttled, the event is tried for six hours, with waits from one second to five minutes.
const oldestMs = 6 * 60 * 60 * 1000;
const throttleWaitMs = (throttles: number) => Math.min(1000 * 2 ** throttles, 300_000);

/**
 * Events that nobody waits for: those of schedules, and of invocations of the type `Event`. Lambda accepts them at once and
 * tries again by its own rules (Developer Guide, "How Lambda handles errors and retries with asynchronous invocation"). Here
 * they are lost when the service stops.
 */
export class AsyncInvocations {
  readonly #around: Surroundings;
  readonly #callsOff = new Set<() => void>();
  #stopped = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  accept(functionArn: string, event: string): void {
    void this.#try({ functionArn, event, receivedMs: this.#around.clock.now(), errors: 0, throttles: 0 });
  }

  stop(): void {
    this.#stopped = true;
    for (const callOff of this.#callsOff) callOff();
  }

  async #try(waiting: Waiting): Promise<void> {
    const result = await this.#around.invoke(waiting.functionArn, waiting.event);
    if (result.ok || this.#stopped) return;
    if (isThrottled(result)) {
      const throttles = waiting.throttles + 1;
      return this.#later({ ...waiting, throttles }, throttleWaitMs(throttles));
    }
    const wait = waitsAfterErrorMs[waiting.errors];
    if (wait !== undefined) return this.#later({ ...waiting, errors: waiting.errors + 1 }, wait);
    this.#around.log(waiting.functionArn, `an event was discarded after three tries: ${waiting.event}`);
  }

  #later(waiting: Waiting, waitMs: number): void {
    const { clock } = this.#around;
    if (clock.now() + waitMs > waiting.receivedMs + oldestMs) return;
    const callOff = clock.at(clock.now() + waitMs, () => {
      this.#callsOff.delete(callOff);
      void this.#try(waiting);
    });
    this.#callsOff.add(callOff);
  }
}
