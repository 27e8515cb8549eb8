import type { Json } from '../job/json.ts';

/** What a job waits for: one at a time, kept before anybody is given its token. */
export interface NewCallback {
  /** Names the wait: the same key is the same token, also for the next worker. */
  readonly key: string;
  /** Who knows it may answer. */
  readonly secret: string;
  /** UTC ISO 8601. */
  readonly deadline: string;
}

export interface Callback extends NewCallback {
  /** The latest claim that asked for it. */
  readonly claimNumber: number;
  readonly answer?: Json;
  /** The deadline has passed without an answer, and somebody acts on that. */
  readonly isOver: boolean;
}

/** `kept`: now, or the same before; by then `claimNumber` waited, or was to. `none`: not this secret, or over. */
export type Answered =
  | { readonly is: 'kept'; readonly claimNumber: number }
  | { readonly is: 'another' | 'none' };
