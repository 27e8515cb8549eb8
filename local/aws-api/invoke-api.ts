import { CannotStart } from '../cannot-start.ts';
import type { AsyncInvocations } from '../lambda/async-invocations.ts';
import type { Functions } from '../lambda/functions.ts';
import { isThrottled } from '../lambda/instances.ts';
import type { InvocationResult } from '../lambda/messages.ts';
import { type ApiAnswer, ApiError, type ApiRequest, type Operation } from './operation.ts';

interface Surroundings {
  readonly functions: Functions;
  readonly later: AsyncInvocations;
}

// Lambda's limits for an event.
const largestEvents = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 } as const;
const patience = { by: 'request', patienceMs: 30_000 } as const;

/** Lambda's Invoke, synchronous or not. */
export function invokeApi({ functions, later }: Surroundings): Operation[] {
  return [
    {
      name: 'Invoke',
      route: 'POST /2015-03-31/functions/{FunctionName}/invocations',
      run: async (request) => {
        const { arn } = functionOf(request, functions);
        const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
        if (type !== 'RequestResponse' && type !== 'Event')
          throw new ApiError(
            'InvalidParameterValueException',
            `the invocation type ${String(type)} is not run here`,
          );
        const event = eventOf(request, largestEvents[type]);
        if (type === 'RequestResponse') return toAnswer(await functions.invoke(arn, event, patience));
        later.accept(arn, event);
        return { status: 202, body: '' };
      },
    },
  ];
}

/** By name, by ARN, or by `000000000000:function:name`. */
function functionOf({ parameters }: ApiRequest, functions: Functions) {
  const asked = parameters['FunctionName'] ?? '';
  const name = asked.split(':function:').at(-1)?.split(':')[0] ?? asked;
  try {
    return functions.get(name);
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    throw new ApiError('ResourceNotFoundException', `Function not found: ${asked}`, 404);
  }
}

function eventOf({ body }: ApiRequest, largest: number): string {
  if (body.length > largest)
    throw new ApiError(
      'RequestTooLargeException',
      `${body.length} bytes, at most ${largest} are allowed`,
      413,
    );
  const text = body.length === 0 ? '{}' : body.toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new ApiError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}

/** The error of a function is an answer like any other: only a header tells. */
function toAnswer(result: InvocationResult): ApiAnswer {
  if (isThrottled(result)) throw new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429);
  const headers = { 'x-amz-executed-version': '$LATEST' };
  if (result.ok) return { status: 200, headers, body: result.payload };
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify(result.error),
  };
}
