import type { StreamRecord } from '../../local/streams/stream-client.ts';

/** Records of a stream with these sequence numbers, each written at a second of an hour. */
export const recordsAt = (...seconds: readonly number[]): StreamRecord[] =>
  seconds.map((second, index) => aRecord(String(index + 1), second));

export const aRecord = (sequence: string, second = 0): StreamRecord => ({
  eventID: `event ${sequence}`,
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: sequence,
    ApproximateCreationDateTime: Date.parse('2026-11-22T12:00:00Z') / 1000 + second,
    Keys: { id: { S: sequence } },
  },
});
