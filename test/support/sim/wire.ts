import type { Agenda } from './agenda.ts';
import type { Dice } from './dice.ts';
import type { Host } from './host.ts';
import type { Faults } from './profile.ts';

/** One call of a process to the outside. */
export interface Call<T> {
  readonly what: string;
  /** Takes effect when it is called; may throw. */
  readonly effect: () => T | Promise<T>;
  readonly isWrite: boolean;
  /** Sent again it has no second effect: DynamoDB knows a transaction by its token. */
  readonly isOnce?: boolean;
  /** Until when others stand in the way of the effect. */
  readonly freeAt?: () => number;
  /** Until when the effect is not visible everywhere, and its answer has to wait. */
  readonly settledAt?: () => number;
}

/** Of a process of this role, at its n-th call to the outside. */
export interface Death {
  readonly role: 'worker' | 'client';
  readonly atCall: number;
  readonly when: 'killedBefore' | 'killedAfter';
}

interface Surroundings {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly faults: () => Faults;
  readonly tell: (who: string, what: string) => void;
  /** How the next call is to end, where that is settled. */
  readonly doom: () => Death['when'] | undefined;
  /** Whose call takes effect now. */
  readonly acting: (host: string) => void;
}

type Fate = 'throttled' | 'answerLost' | 'sentAgain' | 'late' | 'killedBefore' | 'killedAfter' | 'fine';

class Fault extends Error {
  override readonly name = 'SimulatedFault';
}

/**
 * The way from a process to the services around it. A call takes time, takes effect at one moment and is answered at
 * another; it may fail before its effect or after it, take effect twice or late; and the process may die meanwhile.
 */
export class Wire {
  readonly #host: Host;
  readonly #around: Surroundings;

  constructor(host: Host, around: Surroundings) {
    this.#host = host;
    this.#around = around;
  }

  call<T>(call: Call<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#host.isDead) return promise;
    const fate = this.#fateOf(call);
    const done = this.#host.begins(call.what);
    if (fate !== 'fine') this.#around.tell(this.#host.name, `${call.what} is ${fate}`);
    const answer = (say: () => void): void => {
      this.#later(() => {
        if (this.#host.isDead) return;
        done();
        say();
      }, call.settledAt);
    };
    const fail = (): void => answer(() => reject(new Fault(`${call.what}: ${fate}`)));
    this.#later(() => this.#arrive(call, fate, { resolve, reject, answer, fail }), call.freeAt);
    return promise;
  }

  #arrive<T>(
    call: Call<T>,
    fate: Fate,
    to: {
      resolve: (value: T | Promise<T>) => void;
      reject: (error: unknown) => void;
      answer: (say: () => void) => void;
      fail: () => void;
    },
  ): void {
    const { agenda, dice } = this.#around;
    if (fate === 'killedBefore') this.#host.kill('fault');
    // What a dead process had sent may arrive all the same.
    if (this.#host.isDead && dice.chance(0.5)) return;
    if (fate === 'throttled') return to.fail();
    if (fate === 'late') {
      const { latestMs } = this.#around.faults();
      agenda.after(dice.between(50, latestMs), () => this.#effect(call));
      return to.fail();
    }
    let made = this.#effect(call);
    if (fate === 'killedAfter') this.#host.kill('fault');
    if (fate === 'answerLost') return to.fail();
    if (fate === 'sentAgain') {
      agenda.after(dice.between(5, 1_500), () => {
        if (call.isOnce !== true) made = this.#effect(call);
        this.#say(made, to);
      });
      return;
    }
    this.#say(made, to);
  }

  #say<T>(
    made: Made<T>,
    {
      answer,
      resolve,
      reject,
    }: {
      answer: (say: () => void) => void;
      resolve: (value: T | Promise<T>) => void;
      reject: (error: unknown) => void;
    },
  ): void {
    answer(() => ('error' in made ? reject(made.error) : resolve(made.value)));
  }

  #effect<T>({ effect }: Call<T>): Made<T> {
    try {
      this.#around.acting(this.#host.name);
      const value = effect();
      // A copy that nobody waits for may be refused as well.
      if (value instanceof Promise) value.catch(() => undefined);
      return { value };
    } catch (error) {
      return { error };
    }
  }

  #later(run: () => void, earliest?: () => number): void {
    const { agenda, dice } = this.#around;
    const isSlow = dice.chance(this.#around.faults().slow);
    const ms = isSlow ? dice.between(200, 2_500) : dice.between(1, 15);
    const arrive = (): void => {
      const moment = earliest?.() ?? 0;
      if (moment > agenda.now) agenda.at(moment, arrive);
      else run();
    };
    agenda.after(ms, arrive);
  }

  #fateOf({ isWrite }: Call<unknown>): Fate {
    const { dice } = this.#around;
    const faults = this.#around.faults();
    const doom = this.#around.doom();
    if (doom !== undefined) return doom;
    if (dice.chance(faults.killed)) return dice.chance(0.5) ? 'killedBefore' : 'killedAfter';
    if (dice.chance(faults.throttled)) return 'throttled';
    if (!isWrite) return 'fine';
    if (dice.chance(faults.answerLost)) return 'answerLost';
    if (dice.chance(faults.sentAgain)) return 'sentAgain';
    return dice.chance(faults.late) ? 'late' : 'fine';
  }
}

type Made<T> = { readonly value: T | Promise<T> } | { readonly error: unknown };
