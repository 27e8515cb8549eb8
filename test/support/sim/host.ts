import type { Cause } from './happening.ts';

/** A process in which code of ours runs: it may die at any moment, and then nothing of it goes on. */
export class Host {
  readonly name: string;
  /** How far its clock is off, in milliseconds. */
  readonly skewMs: number;
  readonly #pending = new Map<object, string>();
  readonly #onDeath: (host: Host, cause: Cause) => void;
  #isDead = false;

  constructor(name: string, skewMs: number, onDeath: (host: Host, cause: Cause) => void) {
    this.name = name;
    this.skewMs = skewMs;
    this.#onDeath = onDeath;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(cause: Cause): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#onDeath(this, cause);
  }

  /** Its invocation is over: Lambda freezes what it has left behind. */
  freeze(): void {
    this.#isDead = true;
  }

  /** What is under way, in words. */
  get pending(): string[] {
    return [...this.#pending.values()];
  }

  begins(what: string): () => void {
    const key = {};
    this.#pending.set(key, what);
    return () => this.#pending.delete(key);
  }
}
