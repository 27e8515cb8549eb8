import { describe, expect, it } from '@jest/globals';
import { type HttpRequest, toEvent } from '../../../local/http-api/event.ts';

const request: HttpRequest = {
  method: 'POST',
  target: '/jobs/a%20b?x=1&x=2&empty&text=a%2Bb+c',
  protocol: 'HTTP/1.1',
  rawHeaders: [
    'Host',
    '127.0.0.1:4000',
    'X-Twice',
    '1',
    'x-twice',
    '2',
    'Cookie',
    'a=1; b=2',
    'User-Agent',
    'test',
  ],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  port: 4000,
};

const event = (changes: Partial<HttpRequest> = {}) =>
  toEvent({
    request: { ...request, ...changes },
    requestId: 'id=',
    receivedAt: new Date('2026-03-12T19:03:58.123Z'),
    apiId: 'api1234567',
    routeKey: 'POST /jobs/{jobId}',
    pathParameters: { jobId: 'a b' },
  });

const withBody = (contentType: string | undefined, body: string) =>
  event({
    rawHeaders: contentType === undefined ? [] : ['Content-Type', contentType],
    body: Buffer.from(body),
  });

describe('an event of payload format 2.0', () => {
  it('has the path decoded and the query as it was sent', () => {
    expect(event().rawPath).toBe('/jobs/a b');
    expect(event().requestContext.http.path).toBe('/jobs/a b');
    expect(event().rawQueryString).toBe('x=1&x=2&empty&text=a%2Bb+c');
  });

  it('joins query parameters of one name by commas, decoded', () => {
    expect(event().queryStringParameters).toEqual({ x: '1,2', empty: '', text: 'a+b c' });
  });

  it('has header names in lower case, values joined by commas, cookies apart', () => {
    const { headers, cookies } = event();
    expect(headers).toMatchObject({ host: '127.0.0.1:4000', 'x-twice': '1,2', 'x-forwarded-proto': 'http' });
    expect(headers).not.toHaveProperty('cookie');
    expect(cookies).toEqual(['a=1', 'b=2']);
  });

  it('tells who asked for what, and when, in the request context', () => {
    expect(event().requestContext).toMatchObject({
      apiId: 'api1234567',
      routeKey: 'POST /jobs/{jobId}',
      requestId: 'id=',
      stage: '$default',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: Date.parse('2026-03-12T19:03:58.123Z'),
      http: { method: 'POST', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    });
  });

  it('leaves out what is not there', () => {
    const bare = event({ target: '/', rawHeaders: [] });
    expect(bare).not.toHaveProperty('queryStringParameters');
    expect(bare).not.toHaveProperty('cookies');
    expect(bare).not.toHaveProperty('body');
    expect(bare).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  it.each(['text/csv', 'application/json', 'application/json; charset=utf-8', 'application/xml'])(
    'has a body of type %s as text',
    (type) => {
      expect(withBody(type, '{"ä":1}')).toMatchObject({ body: '{"ä":1}', isBase64Encoded: false });
    },
  );

  it.each([
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/vnd.api+json',
    undefined,
  ])('has a body of type %s in base64', (type) => {
    expect(withBody(type, 'a=1')).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
  });
});
