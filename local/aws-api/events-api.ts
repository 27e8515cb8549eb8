import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Caught } from './caught.ts';
import { ApiError, json, type Operation, parseBody } from './operation.ts';

const entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Time: z.number().optional(),
  Resources: z.array(z.string()).optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
const entries = z.object({ Entries: z.array(entry).min(1).max(10) });

type Entry = z.output<typeof entry>;

// Quota of PutEvents for all entries of a call together.
const largestCall = 1024 * 1024;

/** EventBridge: events are kept, there are no rules that would match them. */
export function eventsApi({ caught, clock }: { caught: Caught; clock: Clock }): Operation[] {
  const keep = (given: Entry) => {
    const fault = faultOf(given);
    if (fault) return fault;
    const EventId = randomUUID();
    caught.keep('events', { EventId, putAt: new Date(clock.now()).toISOString(), ...given });
    return { EventId };
  };
  return [
    {
      name: 'PutEvents',
      route: 'AWSEvents.PutEvents',
      run: (request) => {
        const { Entries } = parseBody(entries, request);
        if (sizeOf(Entries) > largestCall)
          throw new ApiError(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        const results = Entries.map(keep);
        return json({
          Entries: results,
          FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
        });
      },
    },
  ];
}

/** A faulty entry fails alone: the call itself succeeds. */
function faultOf({ Source, DetailType, Detail }: Entry) {
  for (const [name, value] of Object.entries({ Source, DetailType, Detail }))
    if (!value) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid.` };
  return isJsonObject(Detail ?? '')
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** 14 bytes for a time, then the bytes of the texts ("Calculating PutEvents event entry size"). */
const sizeOf = (all: readonly Entry[]) =>
  all
    .map(({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }) =>
      [Source, DetailType, Detail, ...Resources].reduce(
        (size, text) => size + Buffer.byteLength(text),
        Time === undefined ? 0 : 14,
      ),
    )
    .reduce((a, b) => a + b, 0);
