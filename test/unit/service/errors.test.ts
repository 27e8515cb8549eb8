import { describe, expect, it } from '@jest/globals';
import {
  Conflict,
  InvalidInput,
  type LonghaulError,
  NotAllowed,
  NotFound,
  NotInForce,
  PreconditionFailed,
  TooDeep,
  Unavailable,
  VerbRefused,
} from '../../../shared/service/errors.ts';

const CAUSE = new Error('Throttled.');
const REFUSED = { jobId: 'j', statusCode: 30, shownAs: 'Success' };

/** What people read of each refusal. */
const SAID: readonly (readonly [LonghaulError, code: string, message: string])[] = [
  [
    new InvalidInput([
      { pointer: '/name', detail: 'Too long.' },
      { pointer: '', detail: 'No object.' },
    ]),
    'InvalidInput',
    '/name: Too long.; /: No object.',
  ],
  [new NotFound('job', 'j'), 'NotFound', 'There is no job "j".'],
  [new NotAllowed('admin', 'reader'), 'NotAllowed', 'This needs the role admin; you have reader.'],
  [
    new TooDeep(8),
    'TooDeep',
    'A job that was made by a job, and that by another one, may be 8 deep at most.',
  ],
  [new Conflict('It is taken.'), 'Conflict', 'It is taken.'],
  [
    new PreconditionFailed('"2"'),
    'PreconditionFailed',
    'Somebody has changed it since you read it: it is "2" now. Read it again.',
  ],
  [
    new Unavailable('The queue is silent.', CAUSE),
    'Unavailable',
    'The queue is silent. Nothing was kept; send the same request again.',
  ],
  [
    new NotInForce([
      { name: 'the purge schedule', cause: CAUSE },
      { name: 'the concurrency', cause: 'no' },
    ]),
    'NotInForce',
    'The settings are kept, but not all are in force yet: the purge schedule (Error: Throttled.); the concurrency (no). The next reprocessing scan, every quarter of an hour, tries again.',
  ],
  [
    new VerbRefused('cancel', { ...REFUSED, openVerbs: ['rerun', 'delete'] }),
    'VerbRefused',
    '"cancel" is not possible: the job j is Success. Open to it: rerun, delete.',
  ],
  [
    new VerbRefused('cancel', { ...REFUSED, why: ' and rests', openVerbs: [] }),
    'VerbRefused',
    '"cancel" is not possible: the job j is Success and rests. Open to it: no verb.',
  ],
];

describe('a refusal', () => {
  it.each(SAID)('%s', (error, code, message) => {
    expect([error.code, error.name, error.message]).toEqual([code, code, message]);
  });

  it.each([new Unavailable('It is silent.', CAUSE), new NotInForce([{ name: 'x', cause: CAUSE }])])(
    'that another error has led to keeps it: $code',
    ({ cause }) => {
      expect(cause).toBe(CAUSE);
    },
  );

  it('has the faults that programs read, or none', () => {
    const faults = [{ in: 'query', pointer: '/limit', detail: 'Too many.' }] as const;
    expect(new InvalidInput(faults).faults).toEqual(faults);
    expect(new Conflict('Taken.', faults).faults).toEqual(faults);
    expect(new Conflict('Taken.').faults).toEqual([]);
  });

  it('of a verb has what programs need to ask for another one', () => {
    const { verb, statusCode, shownAs, openVerbs } = new VerbRefused('pause', {
      ...REFUSED,
      openVerbs: ['rerun'],
    });
    expect({ verb, statusCode, shownAs, openVerbs }).toEqual({
      verb: 'pause',
      statusCode: 30,
      shownAs: 'Success',
      openVerbs: ['rerun'],
    });
  });
});
