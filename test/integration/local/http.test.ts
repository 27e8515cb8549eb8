import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, type Fixture, startFixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const post = async (path: string, body: string | Buffer, contentType = 'application/json') => {
  const headers = { 'content-type': contentType };
  return answerOf(
    await fetch(fixture.url + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers }),
  );
};

/** The status, and the origin whose pages may read the answer. */
async function readable(path: string, origin: string) {
  const { status, headers } = await fixture.get(path, { origin });
  return [status, headers.get('access-control-allow-origin')];
}

/** Sends bytes that no HTTP client would send. */
async function raw(lines: string): Promise<string> {
  const socket = connect(Number(new URL(fixture.url).port), '127.0.0.1');
  socket.write(lines);
  return text(socket);
}

describe('the local HTTP API (API Gateway Developer Guide, "Quotas for HTTP APIs" and "Working with AWS Lambda proxy integrations")', () => {
  it('hands a request to the function in payload format 2.0, and its answer back', async () => {
    const answer = await post('/echo/a%20b/c?x=1', '{"hello":"world"}');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-fixture')).toBe('yes');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('apigw-requestid')).toMatch(/^.{15}=$/);
    expect(JSON.parse(answer.text)).toMatchObject({
      event: {
        version: '2.0',
        routeKey: 'ANY /echo/{proxy+}',
        rawPath: '/echo/a b/c',
        pathParameters: { proxy: 'a b/c' },
        queryStringParameters: { x: '1' },
        body: '{"hello":"world"}',
        isBase64Encoded: false,
      },
    });
  });

  it('hands binary bodies over in base64', async () => {
    const answer = await post('/echo/x', Buffer.from([0, 255, 128]), 'image/png');
    expect(JSON.parse(answer.text)).toMatchObject({ event: { body: 'AP+A', isBase64Encoded: true } });
  });

  it('makes a 200 of what has no status code', async () => {
    expect(await fixture.get('/echo/x?answer=plain')).toMatchObject({
      status: 200,
      text: '{"whole":"value"}',
    });
  });

  it('answers 404 when no route fits', async () => {
    expect(await fixture.get('/nothing/here')).toMatchObject({
      status: 404,
      text: '{"message":"Not Found"}',
    });
    expect(await post('/items/1', '{}')).toMatchObject({ status: 404 });
  });

  it('answers 500 when the function fails, and tells nothing', async () => {
    const answer = { status: 500, text: '{"message":"Internal Server Error"}' };
    expect(await fixture.get('/misbehave/throw')).toMatchObject(answer);
    await fixture.logged('misbehave', /TypeError: thrown on purpose/);
  });

  it('answers 500 when the function returns more than 6 MB (Lambda quotas, "6 MB each for request and response")', async () => {
    expect(await fixture.get('/misbehave/large')).toMatchObject({ status: 500 });
    await fixture.logged('misbehave', /Function.ResponseSizeTooLarge/);
  });

  it('answers 503 when the integration takes longer than its timeout ("maximum integration timeout: 30 seconds")', async () => {
    expect(await fixture.get('/impatient/hang')).toMatchObject({
      status: 503,
      text: '{"message":"Service Unavailable"}',
    });
    // The function itself goes on to its own timeout.
    await fixture.logged('misbehave', /Task timed out after 2.00 seconds/);
  });

  it('refuses a body over 10 MB ("payload size: 10 MB"), and one whose event is over 6 MB', async () => {
    const refusal = { status: 413, text: '{"message":"Request Entity Too Large"}' };
    expect(await post('/echo/x', 'x'.repeat(10 * 1024 * 1024 + 1))).toMatchObject(refusal);
    expect(await post('/echo/x', 'x'.repeat(6 * 1024 * 1024))).toMatchObject(refusal);
    expect(await post('/echo/x', 'x'.repeat(2_900_000))).toMatchObject({ status: 201 });
  });

  it('refuses more than 10,240 bytes of request line and headers ("10,240 bytes in total")', async () => {
    const refusal = { status: 431, text: '{"message":"Request Header Fields Too Large"}' };
    expect(await fixture.get(`/echo/x?q=${'x'.repeat(10_200)}`)).toMatchObject(refusal);
    expect(await fixture.get('/echo/x', { 'x-long': 'x'.repeat(10_200) })).toMatchObject(refusal);
    expect(await fixture.get('/echo/x', { 'x-long': 'x'.repeat(9_500) })).toMatchObject({ status: 201 });
  });

  it('answers what cannot be parsed, and headers beyond any measure, with JSON as well', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*{"message":"Bad Request"}$/);
    const huge = `GET / HTTP/1.1\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`;
    expect(await raw(huge)).toMatch(/^HTTP\/1.1 431 [\s\S]*{"message":"Request Header Fields Too Large"}$/);
  });

  it('asks for a token where the route says so, and hands its claims over as texts', async () => {
    const refusal = await fixture.get('/secret');
    expect(refusal).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(refusal.headers.get('www-authenticate')).toBe('Bearer');
    const answer = await fixture.get('/secret', { authorization: `Bearer ${await fixture.token()}` });
    expect(JSON.parse(answer.text)).toHaveProperty(
      'event.requestContext.authorizer.jwt',
      expect.objectContaining({
        claims: expect.objectContaining({
          'cognito:groups': '[operator]',
          exp: expect.stringMatching(/^\d+$/),
        }),
        scopes: null,
      }),
    );
  });

  it('asks for a scope where the route says so', async () => {
    const answer = await fixture.get('/scoped', { authorization: await fixture.token() });
    expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });

  it('lets pages of the allowed origins read its answers, refusals included, and no others ("Configure CORS for HTTP APIs")', async () => {
    const ours = 'https://console.example';
    expect(await readable('/echo/x', ours)).toEqual([201, ours]);
    expect(await readable('/secret', ours)).toEqual([401, ours]);
    expect(await readable('/echo/x', 'https://evil.example')).toEqual([201, null]);
  });

  it('answers preflights by itself', async () => {
    const headers = { origin: 'https://console.example', 'access-control-request-method': 'POST' };
    const answer = await fetch(`${fixture.url}/echo/x`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://console.example');
  });
});
