import { LambdaFunctions } from '../../shared/aws/lambda-functions.ts';
import type { Read, ResendEnvironment } from '../../shared/lambda/environment.ts';
import { type ResendRequest, Resent } from '../../shared/service/notifications/resend.ts';
import { type DueRequest, Retried } from '../../shared/service/notifications/resend-due.ts';

/** An HTTP API gives up after 30 seconds. */
const PATIENCE_MS = 25_000;

/** The function that has the channels, asked to send something again. */
export function resender({ FOLLOW_STREAM }: Read<typeof ResendEnvironment>) {
  const functions = new LambdaFunctions([FOLLOW_STREAM]);
  const ask = async (request: ResendRequest | DueRequest, signal: AbortSignal): Promise<unknown> => {
    const answer = await functions.call(FOLLOW_STREAM, { ...request }, signal);
    if (answer.is === 'error') throw new Error(`${FOLLOW_STREAM} failed: ${answer.message}`);
    return answer.result;
  };
  return {
    resend: async (request: ResendRequest): Promise<Resent> =>
      Resent.parse(await ask(request, AbortSignal.timeout(PATIENCE_MS))),
    resendDue: async (request: DueRequest, signal: AbortSignal): Promise<Retried> =>
      Retried.parse(await ask(request, signal)),
  };
}
