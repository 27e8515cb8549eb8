import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { type Json, parseJson } from '../job/json.ts';
import { PermanentError } from '../service/operation.ts';
import type { FunctionAnswer, OwnFunctions } from '../service/own-functions.ts';
import { CLIENT_SETTINGS } from './clients.ts';

const Thrown = z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** What Lambda says no second try can mend. */
const HOPELESS: readonly string[] = [
  'ResourceNotFoundException',
  'AccessDeniedException',
  'InvalidRequestContentException',
  'InvalidParameterValueException',
  'RequestTooLargeException',
  'UnsupportedMediaTypeException',
];

/** Calls functions of this account and region. A client is made when the first one is called: few workers do. */
export class LambdaFunctions implements OwnFunctions {
  readonly names: readonly string[];
  /** A call that takes long and seems lost may have been made: the SDK must not make it twice; the job tries again. */
  #calls: LambdaClient | undefined;
  #sends: LambdaClient | undefined;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  async call(name: string, event: Json, signal: AbortSignal): Promise<FunctionAnswer> {
    this.#calls ??= new LambdaClient({ ...CLIENT_SETTINGS, maxAttempts: 1 });
    const order = new InvokeCommand({
      FunctionName: name,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(event),
    });
    const client = this.#calls;
    return answerOf(await orPermanent(name, () => client.send(order, { abortSignal: signal })));
  }

  async send(name: string, event: Json): Promise<void> {
    this.#sends ??= new LambdaClient(CLIENT_SETTINGS);
    const order = new InvokeCommand({
      FunctionName: name,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    });
    const client = this.#sends;
    await orPermanent(name, () => client.send(order));
  }
}

async function orPermanent<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error) || !HOPELESS.includes(error.name)) throw error;
    throw new PermanentError(`The function "${name}" can't be called: ${error.message}`, { cause: error });
  }
}

function answerOf({ FunctionError, Payload }: InvokeCommandOutput): FunctionAnswer {
  const text = Payload?.transformToString() ?? '';
  if (FunctionError === undefined) return { is: 'result', result: text === '' ? null : parseJson(text) };
  const thrown = Thrown.safeParse(text === '' ? {} : parseJson(text)).data ?? {};
  return { is: 'error', type: thrown.errorType ?? FunctionError, message: thrown.errorMessage ?? '' };
}
