/** What the service and the process of a function instance say to each other. */
export interface Invoke {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly functionArn: string;
  /** The event as JSON, the way Lambda hands it over. */
  readonly event: string;
  readonly deadlineMs: number;
}

export type FromInstance =
  | { readonly type: 'ready' }
  | { readonly type: 'initFailed'; readonly error: FunctionError }
  | {
      readonly type: 'answered';
      readonly requestId: string;
      readonly result: InvocationResult;
      readonly memoryMb: number;
    }
  /** After an answer: what of the invocation is still going on. Lambda would have frozen it by now. */
  | { readonly type: 'settled'; readonly requestId: string; readonly leftBehind: readonly string[] };

/** A failed invocation as Lambda describes it to the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type InvocationResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

export const failed = (errorType: string, errorMessage: string): InvocationResult => ({
  ok: false,
  error: { errorType, errorMessage },
});
