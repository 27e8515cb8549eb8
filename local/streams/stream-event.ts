import { region } from '../template/identities.ts';
import type { StreamRecord } from './stream-client.ts';

export interface Window {
  readonly startMs: number;
  readonly state: unknown;
}

/** What a window adds to an event (Developer Guide, "Implementing stateful DynamoDB stream processing in Lambda"). */
export interface WindowPart {
  readonly window: Window;
  readonly windowSeconds: number;
  readonly shardId: string;
  readonly isFinal: boolean;
}

/** The event of a batch of records, as the event source mapping of Lambda makes it. */
export function toStreamEvent(
  records: readonly StreamRecord[],
  streamArn: string,
  part?: WindowPart,
): string {
  const Records = records.map((record) => ({
    ...record,
    // The emulators write names of their own making here.
    awsRegion: region,
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
  }));
  return JSON.stringify({ Records, ...(part && windowOf(part, streamArn)) });
}

function windowOf({ window, windowSeconds, shardId, isFinal }: WindowPart, streamArn: string) {
  const end = window.startMs + windowSeconds * 1000;
  return {
    window: { start: isoSeconds(window.startMs), end: isoSeconds(end) },
    state: window.state,
    shardId,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: isFinal,
    isWindowTerminatedEarly: false,
  };
}

const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
