import type { AccessRequest } from '../decide.ts';

/** A permission without which AWS refuses a request. One of the resources is enough. */
export interface Need extends Omit<AccessRequest, 'resource'> {
  readonly resources: readonly [string, ...string[]];
}

/** The parts of a signed request that say what it wants. */
export interface ServiceRequest {
  /** The name in the scope of the credential: dynamodb, sqs, s3, ses, scheduler, lambda, events. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a request needs, and what it is called; no needs when it cannot be told: then it is refused. */
export interface Wanted {
  readonly operation: string;
  readonly needs: readonly Need[] | undefined;
}

export const need = (action: string, resource: string, context?: AccessRequest['context']): Need => ({
  action,
  resources: [resource],
  ...(context && { context }),
});

/** Actions that are not about one resource are judged on all of them. */
export const anything = '*';
