/** A process that dies at its n-th step to the outside: before the step is made, or after it and before the answer. */
export interface Death {
  readonly atStep: number;
  readonly when: 'before' | 'after';
}

export class Killed extends Error {
  constructor() {
    super('The process was killed.');
  }
}

export class Life {
  readonly #death: Death | undefined;
  #steps = 0;

  constructor(death?: Death) {
    this.#death = death;
  }

  /** How many steps were made: as many ways to die. */
  get steps(): number {
    return this.#steps;
  }

  /** The port as this process sees it: once dead, nothing that it calls reaches the outside. */
  through<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.#step(async () => (await Reflect.apply(member, target, args)) as unknown);
      },
    });
  }

  async #step<R>(make: () => Promise<R>): Promise<R> {
    this.#steps++;
    const { atStep = Number.POSITIVE_INFINITY, when } = this.#death ?? {};
    if (this.#steps > atStep || (this.#steps === atStep && when === 'before')) throw new Killed();
    const answer = await make();
    if (this.#steps === atStep) throw new Killed();
    return answer;
  }
}
