import { describe, expect, it } from '@jest/globals';
import { toAnswer } from '../../../local/http-api/answer.ts';
import { failed } from '../../../local/lambda/messages.ts';

const answer = (value: unknown) => {
  const { status, headers, body } = toAnswer({ ok: true, payload: JSON.stringify(value) ?? 'null' });
  return { status, headers, text: body.toString() };
};

describe('what a function returns', () => {
  it('without a status code is the JSON of a 200', () => {
    const expected = { status: 200, headers: { 'content-type': 'application/json' } };
    expect(answer({ a: 1 })).toEqual({ ...expected, text: '{"a":1}' });
    expect(answer('text')).toEqual({ ...expected, text: 'text' });
    expect(answer(null)).toEqual({ ...expected, text: 'null' });
  });

  it('with a status code keeps its headers, cookies and body', () => {
    const returned = {
      statusCode: 202,
      headers: { Location: '/jobs/1' },
      cookies: ['a=1', 'b=2'],
      body: 'ok',
    };
    expect(answer(returned)).toMatchObject({
      status: 202,
      headers: { location: '/jobs/1', 'set-cookie': ['a=1', 'b=2'] },
      text: 'ok',
    });
  });

  it('in base64 is sent as the bytes it stands for', () => {
    expect(answer({ statusCode: 200, body: 'aGFsbG8=', isBase64Encoded: true }).text).toBe('hallo');
  });

  it.each([
    { statusCode: 'soon' },
    { statusCode: 200, body: { not: 'a text' } },
    { statusCode: 200, cookies: 'a=1' },
  ])('is a 500 when it is malformed: %j', (value) => {
    expect(answer(value)).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });

  it('is a 500 when the function failed, with nothing of the error in it', () => {
    const { status, body } = toAnswer(failed('TypeError', 'secret'));
    expect([status, body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});
