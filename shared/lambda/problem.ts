import {
  Conflict,
  type Fault,
  InvalidInput,
  LonghaulError,
  NotAllowed,
  NotFound,
  NotInForce,
  PreconditionFailed,
  Unavailable,
  VerbRefused,
} from '../service/errors.ts';
import { logBug } from './log.ts';

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Fault[];
  /** Of a verb that the job's state does not allow: what the job is, and what is open to it. */
  readonly statusCode?: number;
  readonly shownAs?: string;
  readonly openVerbs?: readonly string[];
}

/** Which refusal is which status: everything that is not here is a bug of ours, and a plain 500. */
const STATUS = [
  [InvalidInput, 400, 'The request is not valid'],
  [NotAllowed, 403, 'This is not allowed'],
  [NotFound, 404, 'There is no such thing'],
  [VerbRefused, 409, 'The job is not in a state for this'],
  [Conflict, 409, 'Something stands in the way'],
  [PreconditionFailed, 412, 'It has changed since'],
  [Unavailable, 503, 'A part of the service does not answer'],
  [NotInForce, 503, 'It is kept, but not in force yet'],
] as const;

export function problemOf(error: unknown): Problem {
  const known = STATUS.find(([kind]) => error instanceof kind);
  if (known !== undefined && error instanceof LonghaulError) {
    const [, status, title] = known;
    const errors = error instanceof InvalidInput || error instanceof Conflict ? error.faults : [];
    return { ...problem(error.code, { status, title, detail: error.message }, errors), ...stateIn(error) };
  }
  return httpProblemOf(error) ?? unexpected();
}

function stateIn(error: LonghaulError): Partial<Problem> {
  if (!(error instanceof VerbRefused)) return {};
  const { statusCode, shownAs, openVerbs } = error;
  return { statusCode, shownAs, openVerbs };
}

/** One item of an answer for many, as it would be answered alone. */
export function refusedItem(error: unknown): { readonly status: number; readonly problem: Problem } {
  const answer = problemOf(error);
  if (answer.status >= 500) logBug('an item of a batch failed', error);
  return { status: answer.status, problem: answer };
}

export const problem = (
  code: string,
  facts: Pick<Problem, 'status' | 'title' | 'detail'>,
  errors: readonly Fault[] = [],
): Problem => ({ type: `urn:longhaul:problem:${code}`, ...facts, ...(errors.length > 0 && { errors }) });

/** Errors of the HTTP middleware. */
function httpProblemOf(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  switch (error.statusCode) {
    case 415: {
      const detail = 'The body must be JSON, sent with content-type application/json.';
      return problem('UnsupportedMediaType', { status: 415, title: 'The body has the wrong type', detail });
    }
    case 422: {
      const title = 'The request is not valid';
      return problem('InvalidInput', { status: 400, title, detail: 'The body is not valid JSON.' }, [
        { pointer: '', detail: 'Must be one JSON document in UTF-8.' },
      ]);
    }
    default:
      return undefined;
  }
}

const unexpected = (): Problem =>
  problem('Unexpected', {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'The error is in the log under the request id of this answer.',
  });
