import * as z from 'zod';
import type { Json } from '../job/json.ts';
import {
  type CallbackEvent,
  type Checkpoint,
  type Outcome,
  PermanentError,
  type RunContext,
  type Wait,
} from '../service/operation.ts';
import { MAX_CALL_BYTES, MAX_SEND_BYTES, type OwnFunctions } from '../service/own-functions.ts';
import { defineOperation } from './define-operation.ts';

export interface FunctionRepositories {
  readonly functions: OwnFunctions;
}

const DAY_SECONDS = 86_400;
const MOST_SECONDS = 366 * DAY_SECONDS;
/** The calls of a job that slices may end before their answers come: more would never come to an end either. */
const MOST_CUTS = 3;
/** Functions say by the name of their error that no second try can help. */
const PERMANENT = /PermanentError$/;

const Input = z
  .strictObject({
    function: z.string().regex(/^[\w-]{1,64}$/, 'Must be the name of a Lambda function.'),
    payload: z.json().default(null),
    /** `answer`: the job runs as long as the function does. `callback`: it waits for `POST /callbacks`. */
    wait: z.enum(['answer', 'callback']).default('answer'),
    /** How long to wait for a callback. */
    deadlineSeconds: z.int().min(1).max(MOST_SECONDS).exactOptional(),
  })
  .refine(({ wait, deadlineSeconds }) => wait === 'callback' || deadlineSeconds === undefined, {
    path: ['deadlineSeconds'],
    error:
      'Only with "wait": "callback"; leave it out. A function that is waited for has a timeout of its own.',
  });
type Input = z.infer<typeof Input>;

/** `sent`: the callback whose token the function has. `cuts`: calls that were given up. */
const Cursor = z.object({ sent: z.string().nullable(), cuts: z.number() });
type Cursor = z.infer<typeof Cursor>;

type Context = RunContext<FunctionRepositories, Cursor>;
type Steps = AsyncGenerator<Checkpoint & { cursor: Cursor }, Outcome | Wait, void>;

/**
 * Calls a Lambda function of the organisation's own with `{ type: "invoked", jobId, payload }`, and with a callback
 * `{ token, deadline }` if it is to answer later. It may be called more than once for a job: the id says so. When the
 * job is canceled it is sent `{ type: "canceled", jobId, payload }`.
 */
export const invokeFunction = defineOperation({
  name: 'invoke-function',
  label: 'Invoke function',
  description:
    'Calls a Lambda function of the organisation with the payload, and waits for its answer or for a callback.',
  operationType: 100_000_004,
  lane: 'bulk',
  input: Input,
  cursor: Cursor,
  async *run(input: Input, context: Context): Steps {
    requireListed(input, context.repositories);
    return yield* input.wait === 'callback' ? untilCalledBack(input, context) : untilAnswered(input, context);
  },
  async onCancel(input: Input, { jobId, repositories }) {
    requireListed(input, repositories);
    await repositories.functions.send(input.function, { type: 'canceled', jobId, payload: input.payload });
  },
});

function requireListed({ function: name }: Input, { functions: { names } }: FunctionRepositories): void {
  if (names.includes(name)) return;
  const known = names.length === 0 ? 'none' : names.join(', ');
  throw new PermanentError(`This deployment may not call the function "${name}". It may call: ${known}.`);
}

async function* untilAnswered(input: Input, context: Context): Steps {
  const { jobId, cursor = { sent: null, cuts: 0 }, repositories, signal } = context;
  if (cursor.cuts >= MOST_CUTS) {
    throw new PermanentError(
      `"${input.function}" was called ${MOST_CUTS} times and did not answer while the job could wait for it. Order it with "wait": "callback".`,
    );
  }
  const event = sized({ type: 'invoked', jobId, payload: input.payload }, MAX_CALL_BYTES);
  try {
    const answer = await repositories.functions.call(input.function, event, signal);
    if (answer.is === 'error') throw failure(input, answer);
    return succeeded(input, answer.result);
  } catch (error) {
    if (!signal.aborted || error instanceof PermanentError) throw error;
    // The slice is over, or somebody wants a stop: the next one calls once more, but not for ever.
    yield { done: 0, total: 1, cursor: { ...cursor, cuts: cursor.cuts + 1 } };
    throw error;
  }
}

/** A try that fails is followed by another one with a callback of its own: the old token is good for nothing then. */
async function* untilCalledBack(input: Input, context: Context): Steps {
  const { jobId, run, repositories } = context;
  const { deadlineSeconds = DAY_SECONDS } = input;
  const key = `try-${run.tries}`;
  const callback = await context.callback(key, deadlineSeconds * 1_000);
  const { token, deadline, event } = callback;
  if (event !== undefined) return calledBack(event, input);
  if (context.cursor?.sent !== key) {
    const order = { type: 'invoked', jobId, payload: input.payload, callback: { token, deadline } };
    await repositories.functions.send(input.function, sized(order, MAX_SEND_BYTES));
    yield { done: 0, total: 1, cursor: { sent: key, cuts: 0 }, mustSave: true };
  }
  return { waitFor: callback };
}

function calledBack(event: CallbackEvent, input: Input): Outcome {
  switch (event.kind) {
    case 'answer':
      return succeeded(input, event.result);
    case 'error': {
      const { code = '', message, permanent } = event;
      throw failure(input, { type: permanent ? `${code}PermanentError` : code, said: code, message });
    }
    case 'timeout':
      throw new Error(`"${input.function}" was called, and nobody has answered its callback in time.`);
    default:
      return event satisfies never;
  }
}

const succeeded = ({ function: name }: Input, result: Json): Outcome => ({
  result,
  friendlyMessage: `"${name}" has answered.`,
});

interface Failure {
  readonly type: string;
  /** How it is shown, where that is another one. */
  readonly said?: string;
  readonly message: string;
}

function failure({ function: name }: Input, { type, said = type, message }: Failure): Error {
  const text = `"${name}" failed: ${[said, message].filter((part) => part !== '').join(': ')}`;
  return PERMANENT.test(type) ? new PermanentError(text) : new Error(text);
}

function sized(event: Json, most: number): Json {
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes <= most) return event;
  throw new PermanentError(`The event for the function has ${bytes} bytes; Lambda takes ${most} at most.`);
}
