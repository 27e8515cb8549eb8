import { describe, expect, it } from '@jest/globals';
import { problemOf } from '../../../shared/lambda/problem.ts';
import {
  Conflict,
  InvalidInput,
  NotAllowed,
  NotFound,
  NotInForce,
  Unavailable,
} from '../../../shared/service/errors.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';

const FAULT = { pointer: '/name', detail: 'Must not be empty.' };

describe('the problem document of', () => {
  it.each([
    ['an invalid input', new InvalidInput([FAULT]), 400, 'InvalidInput'],
    ['a role that is too weak', new NotAllowed('operator', 'reader'), 403, 'NotAllowed'],
    ['something that is not there', new NotFound('job', 'x'), 404, 'NotFound'],
    ['something that stands in the way', new Conflict('Taken.'), 409, 'Conflict'],
    ['what has not followed', new NotInForce([{ name: 'x', cause: new Error('no') }]), 503, 'NotInForce'],
    ['a part that does not answer', new Unavailable('The queue is silent.', new Error()), 503, 'Unavailable'],
  ])('%s says what is wrong, and by which code programs know it', (_what, error, status, code) => {
    expect(problemOf(error)).toMatchObject({
      type: `urn:longhaul:problem:${code}`,
      status,
      title: expect.any(String),
      detail: error.message,
    });
  });

  it.each([
    ['an invalid input', new InvalidInput([FAULT])],
    ['a conflict', new Conflict('Taken.', [FAULT])],
  ])('%s lists every fault', (_what, error) => {
    expect(problemOf(error).errors).toEqual([FAULT]);
  });

  it('a conflict without faults has no empty list of them', () => {
    expect(problemOf(new Conflict('Taken.'))).not.toHaveProperty('errors');
  });

  it.each([
    ['an error that nobody foresaw', new Error('connect ECONNREFUSED 10.0.0.7:8000')],
    [
      'a refusal that should never have come so far',
      new TransitionRefused({ verb: 'claim', jobId: 'secret' }),
    ],
    [
      'an error of a library with a status of its own',
      Object.assign(new Error('secret'), { statusCode: 404 }),
    ],
    ['something that is no error', 'secret'],
    ['nothing', undefined],
  ])('%s tells nothing about it', (_what, error) => {
    expect(problemOf(error)).toEqual({
      type: 'urn:longhaul:problem:Unexpected',
      title: 'Something went wrong on our side',
      status: 500,
      detail: 'The error is in the log under the request id of this answer.',
    });
  });
});
