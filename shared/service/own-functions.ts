import type { Json } from '../job/json.ts';

/** The Lambda functions of the organisation's own that jobs may call. */
export interface OwnFunctions {
  /** Those that this deployment may call; it has no right to call any other. */
  readonly names: readonly string[];
  /**
   * Calls once and waits for the answer. Throws an `AbortError` when the signal fires (the function does not notice),
   * a `PermanentError` where no second try can help, and any other error where one may.
   */
  call(name: string, event: Json, signal: AbortSignal): Promise<FunctionAnswer>;
  /** Hands an event over for good: Lambda tries it three times by itself, and nobody waits. */
  send(name: string, event: Json): Promise<void>;
}

export type FunctionAnswer =
  | { readonly is: 'result'; readonly result: Json }
  /** The function threw. */
  | { readonly is: 'error'; readonly type: string; readonly message: string };

/** Lambda's limits for an event, in bytes. */
export const MAX_CALL_BYTES = 6 * 1024 * 1024;
export const MAX_SEND_BYTES = 1024 * 1024;
