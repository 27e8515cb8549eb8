import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { CannotStart } from '../cannot-start.ts';
import { readWhole, writeWhole } from './write-whole.ts';

interface Declaration<D, T> {
  /** What the template says of each, by name. */
  readonly declared: Readonly<Record<string, D>>;
  /** Makes the thing from what is said of it. */
  readonly make: (declared: D) => T;
  readonly schema: z.ZodType<T>;
}

/**
 * Things that the template declares and that calls change while the service runs, kept in a file. A start does what a
 * deployment does: a thing whose declaration is the one of the last time stays as calls have left it (even if they deleted
 * it), a changed declaration replaces it, one that is gone takes the thing away. What calls have created stays.
 */
export class Deployed<T, D = T> {
  /** Those that this start has made or made anew. */
  readonly made: ReadonlySet<string>;
  readonly #file: string;
  readonly #declared: Readonly<Record<string, D>>;
  readonly #now: Map<string, T>;

  constructor(file: string, { declared, make, schema }: Declaration<D, T>) {
    const before = readState(file, schema);
    const isSame = (name: string) => isDeepStrictEqual(before.declared[name], plain(declared[name]));
    const kept = Object.entries(before.now).filter(([name]) => !(name in before.declared) || isSame(name));
    const changed = Object.entries(declared).filter(([name]) => !isSame(name));
    this.made = new Set(changed.map(([name]) => name));
    this.#file = file;
    this.#declared = declared;
    this.#now = new Map([...kept, ...changed.map(([name, thing]) => [name, make(thing)] as const)]);
    this.#save();
  }

  get(name: string): T | undefined {
    return this.#now.get(name);
  }

  get all(): ReadonlyMap<string, T> {
    return this.#now;
  }

  put(name: string, thing: T): void {
    this.#now.set(name, thing);
    this.#save();
  }

  delete(name: string): void {
    this.#now.delete(name);
    this.#save();
  }

  #save(): void {
    writeWhole(this.#file, { declared: this.#declared, now: Object.fromEntries(this.#now) });
  }
}

/** As it comes back from a file: without what JSON leaves out. */
const plain = (thing: unknown): unknown =>
  thing === undefined ? undefined : JSON.parse(JSON.stringify(thing));

function readState<T>(file: string, thing: z.ZodType<T>) {
  const state = z.object({ declared: z.record(z.string(), z.unknown()), now: z.record(z.string(), thing) });
  const checked = state.safeParse(readWhole(file) ?? { declared: {}, now: {} });
  if (checked.success) return checked.data;
  throw new CannotStart(`${file} is broken: ${z.prettifyError(checked.error)}`);
}
