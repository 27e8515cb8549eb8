import { describe, expect, it } from '@jest/globals';
import { preflightAnswer, withCors } from '../../../local/http-api/cors.ts';

const rules = {
  AllowOrigins: ['https://console'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['authorization'],
  MaxAge: 60,
};
const preflight = { method: 'OPTIONS', origin: 'https://console', asksForMethod: true };
const answer = {
  status: 200,
  headers: { 'access-control-allow-origin': 'https://forged' },
  body: Buffer.from('ok'),
};

describe('CORS of an HTTP API', () => {
  it('a preflight is answered without asking the function', () => {
    expect(preflightAnswer(preflight, rules)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://console',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '60',
      },
    });
  });

  it('an OPTIONS request that is no preflight goes on to the routes', () => {
    expect(preflightAnswer({ ...preflight, asksForMethod: false }, rules)).toBeUndefined();
    expect(preflightAnswer({ ...preflight, origin: undefined }, rules)).toBeUndefined();
  });

  it('a strange origin gets no CORS header, not even those of the function', () => {
    expect(withCors(answer, { ...preflight, origin: 'https://evil' }, rules).headers).toEqual({});
    expect(preflightAnswer({ ...preflight, origin: 'https://evil' }, rules)?.headers).toEqual({});
  });

  it('any origin is allowed by a star, named only when credentials are', () => {
    const star = { AllowOrigins: ['*'] };
    const allowed = (more: object) =>
      withCors(answer, preflight, { ...star, ...more }).headers['access-control-allow-origin'];
    expect([allowed({}), allowed({ AllowCredentials: true })]).toEqual(['*', 'https://console']);
  });
});
