import type { Lane } from '../../../shared/job/lane.ts';
import type { Invocation } from '../../../shared/service/answer-ring.ts';
import type { Ports } from './ports.ts';
import { SimTables } from './tables.ts';

/** Who looks through these ports. */
export interface Scene {
  readonly role: 'worker' | 'client' | 'scheduler' | 'timers' | 'dead-letters';
  /** Of a worker. */
  readonly lane?: Lane;
  readonly tables: SimTables;
}

/** A fault in the engine, put in at its seams: with none of them the engine is as it is. */
export interface Mutation {
  readonly tables?: new (around: ConstructorParameters<typeof SimTables>[0]) => SimTables;
  readonly ports?: (ports: Ports, scene: Scene) => Ports;
  readonly invocation?: (invocation: Invocation, now: number) => Invocation;
}

export const NO_MUTATION: Mutation = {};

/** A mutation of the engine, and within how many histories it must be found. */
export interface KnownMutation extends Mutation {
  readonly is: string;
  readonly foundWithin: number;
  /** It is about series: they are in each of these histories. */
  readonly recurs?: true;
}
