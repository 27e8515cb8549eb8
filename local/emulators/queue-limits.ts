import * as z from 'zod';

const delayed = z.looseObject({ DelaySeconds: z.number().optional() });
const sent = delayed.extend({ Entries: z.array(delayed).default([]) });

interface Reply {
  code(status: number): Reply;
  headers(values: Record<string, string>): Reply;
  send(body: object): Reply;
}

/** "DelaySeconds: valid values 0 to 900", which the emulator does not look at: a timer set for later would work here alone. */
export async function refuseLongDelays({ body }: { body?: unknown }, reply: Reply): Promise<unknown> {
  const { DelaySeconds, Entries } = sent.safeParse(body).data ?? { Entries: [] };
  const tooLong = [DelaySeconds, ...Entries.map((entry) => entry.DelaySeconds)].find(
    (seconds) => seconds !== undefined && !(seconds >= 0 && seconds <= 900),
  );
  if (tooLong === undefined) return undefined;
  const message = `Value ${tooLong} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`;
  return reply
    .code(400)
    .headers({
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-query-error': 'InvalidParameterValue;Sender',
    })
    .send({ __type: 'com.amazonaws.sqs#InvalidParameterValue', message });
}
