// oxlint-disable-next-line import/no-unassigned-import -- it has to come before anything that logs
import '../../support/log-to-console.ts';
import { describe, expect, it } from '@jest/globals';
import { httpHandler, type Request, type Route } from '../../../shared/lambda/http.ts';
import { InvalidInput, Unavailable } from '../../../shared/service/errors.ts';
import { aContext, anHttpEvent, CLAIMS } from '../../support/an-event.ts';
import { collectLog } from '../../support/collect-log.ts';

/** What a request came to: through the whole handler, as API Gateway would see it. */
async function ask(facts: Parameters<typeof anHttpEvent>[0], ...routes: Route[]) {
  const seen: Request[] = [];
  const echo = (method: Route['method'], path: string): Route => ({
    method,
    path,
    handle: async (request) => {
      seen.push(request);
      return { status: 200, body: { ok: true }, headers: { location: '/things/1' } };
    },
  });
  const all = [echo('GET', '/things'), echo('POST', '/things'), echo('GET', '/things/{id}'), ...routes];
  const { statusCode, headers = {}, body = '' } = await httpHandler(all)(anHttpEvent(facts), aContext());
  return { status: statusCode, headers, body: JSON.parse(body) as unknown, request: seen[0] };
}

const failing = (error: unknown): Route => ({
  method: 'GET',
  path: '/broken',
  handle: async () => {
    throw error;
  },
});

describe('a request', () => {
  it('reaches its route with caller, query and headers', async () => {
    const { status, body, request } = await ask({ query: { limit: '5' }, headers: { 'x-one': '1' } });
    expect([status, body]).toEqual([200, { ok: true }]);
    expect(request).toMatchObject({
      caller: { id: CLAIMS.sub, role: 'operator' },
      query: { limit: '5' },
      headers: { 'x-one': '1' },
    });
  });

  it('has an empty query where there is none', async () => {
    expect((await ask({})).request?.query).toEqual({});
  });

  it('has the parts of its path', async () => {
    expect((await ask({ path: '/things/7' })).request?.params).toMatchObject({ id: '7' });
  });

  it('may end its path in a slash', async () => {
    expect((await ask({ path: '/things/' })).status).toBe(200);
  });

  it.each([
    ['as it is', false],
    ['in base64, as API Gateway sends what it takes for binary', true],
  ])('has its body parsed, %s', async (_how, base64) => {
    const { request } = await ask({ method: 'POST', body: { name: 'Zürich 😀' }, base64 });
    expect(request?.body).toEqual({ name: 'Zürich 😀' });
  });

  it.each([
    undefined,
    '*/*',
    'application/json',
    'text/html, application/json;q=0.9',
    'application/*',
    'application/problem+json',
  ])('may accept %s', async (accept) => {
    expect((await ask({ headers: accept === undefined ? {} : { accept } })).status).toBe(200);
  });
});

describe('a route that leads to CSV', () => {
  const csv: Route = {
    method: 'GET',
    path: '/list',
    answersIn: 'text/csv',
    handle: async () => ({ status: 303, headers: { location: 'https://a.example' }, body: {} }),
  };

  it.each(['text/csv', 'text/html, TEXT/CSV;q=0.9', 'application/json'])(
    'may be asked for %s',
    async (accept) => {
      expect((await ask({ path: '/list', headers: { accept } }, csv)).status).toBe(303);
    },
  );

  it('may not be asked for anything else', async () => {
    expect((await ask({ path: '/list', headers: { accept: 'image/png' } }, csv)).status).toBe(406);
  });
});

describe('an answer', () => {
  it('is JSON that no cache may keep, with the headers of its route', async () => {
    const { headers } = await ask({});
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      location: '/things/1',
    });
  });

  it.each([
    ['that is a success', {}],
    ['that is a refusal', { path: '/nowhere' }],
  ])('%s tells browsers to be careful', async (_what, facts) => {
    const { headers } = await ask(facts);
    const names = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(names).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none';.* frame-ancestors 'none';/),
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(names).not.toHaveProperty('x-powered-by');
  });
});

describe('a request is refused', () => {
  it.each([
    ['404 where nothing is', { path: '/nowhere' }, 404, 'NoRoute'],
    ['404 where only something deeper is', { path: '/things/1/2' }, 404, 'NoRoute'],
    ['405 where the method is not served', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
    ['406 where JSON is not accepted', { headers: { accept: 'text/csv' } }, 406, 'NotAcceptable'],
    [
      '415 where the body is no JSON',
      { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'UnsupportedMediaType',
    ],
    ['400 where the body only says it is', { method: 'POST', body: '{' }, 400, 'InvalidInput'],
    [
      '400 where there is no body',
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      400,
      'InvalidInput',
    ],
    ['403 where the caller has no role', { claims: { sub: CLAIMS.sub } }, 403, 'NotAllowed'],
    ['400 where a fault was found', { path: '/broken' }, 400, 'InvalidInput'],
  ])('%s', async (_what, facts, status, code) => {
    const refused = await ask(facts, failing(new InvalidInput([{ pointer: '/a', detail: 'Wrong.' }])));
    expect(refused.status).toBe(status);
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    expect(refused.body).toMatchObject({
      type: `urn:longhaul:problem:${code}`,
      status,
      requestId: 'request-1',
      title: expect.any(String),
      detail: expect.any(String),
    });
  });

  it('with the methods that are served, where the method is not', async () => {
    expect((await ask({ method: 'PUT' })).headers).toMatchObject({ allow: 'GET, POST' });
    expect((await ask({ method: 'POST', path: '/things/1', body: {} })).headers).toMatchObject({
      allow: 'GET',
    });
  });

  it('503 with a word on when to try again, where a part does not answer', async () => {
    collectLog();
    const { status, headers } = await ask(
      { path: '/broken' },
      failing(new Unavailable('Silence.', new Error('x'))),
    );
    expect([status, headers['retry-after']]).toEqual([503, '1']);
  });
});

describe('an error that nobody foresaw', () => {
  it('is a plain 500 outside, and the whole story in the log', async () => {
    const log = collectLog();
    const { status, body } = await ask(
      { path: '/broken' },
      failing(new Error('table longhaul-jobs is gone')),
    );
    expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining('longhaul-jobs')]);
    expect(body).toMatchObject({ type: 'urn:longhaul:problem:Unexpected', requestId: 'request-1' });
    expect(log.lines()).toMatchObject([
      { level: 'ERROR', message: 'request failed', error: { message: 'table longhaul-jobs is gone' } },
    ]);
  });

  it('may also be no error at all', async () => {
    collectLog();
    expect((await ask({ path: '/broken' }, failing('just a text'))).status).toBe(500);
  });
});

describe('an answer in another type than JSON', () => {
  const text: Route = {
    method: 'GET',
    path: '/text',
    answersIn: 'text/plain',
    handle: async () => ({ status: 200, text: 'line "1"\n', headers: { 'x-one': '1' } }),
  };
  const raw = (accept?: string) =>
    httpHandler([text])(
      anHttpEvent({ path: '/text', headers: accept === undefined ? {} : { accept } }),
      aContext(),
    );

  it.each([undefined, '*/*', 'text/plain', 'text/*', 'image/png, Text/Plain;q=0.5', 'application/json'])(
    'goes out as it is to whoever accepts %s',
    async (accept) => {
      const { statusCode, headers, body } = await raw(accept);
      expect([statusCode, body]).toEqual([200, 'line "1"\n']);
      expect(headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'x-one': '1',
      });
    },
  );

  it.each(['text/csv', 'image/png', 'text/plainer'])(
    'is refused to whoever accepts %s alone',
    async (accept) => {
      const { statusCode, body = '' } = await raw(accept);
      expect(statusCode).toBe(406);
      expect(body).toContain('application/json and text/plain');
    },
  );
});
