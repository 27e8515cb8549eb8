import { LambdaFunctions } from '../../shared/aws/lambda-functions.ts';
import type { Read, ResendEnvironment } from '../../shared/lambda/environment.ts';
import { type ResendRequest, Resent } from '../../shared/service/notifications/resend.ts';

/** An HTTP API gives up after 30 seconds; the scan has less time. */
const PATIENCE_MS = 25_000;

/** The function that has the channels, asked to send something again. */
export function resender({ FOLLOW_STREAM }: Read<typeof ResendEnvironment>) {
  const functions = new LambdaFunctions([FOLLOW_STREAM]);
  return {
    async resend(request: ResendRequest, signal = AbortSignal.timeout(PATIENCE_MS)): Promise<Resent> {
      const answer = await functions.call(FOLLOW_STREAM, { ...request }, signal);
      if (answer.is === 'error') throw new Error(`${FOLLOW_STREAM} failed: ${answer.message}`);
      return Resent.parse(answer.result);
    },
  };
}
