import { describe, expect, it } from '@jest/globals';
import { matchRoute, parseRouteKey } from '../../../local/http-api/routes.ts';

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /{one}/{two}',
  'GET /jobs',
  'ANY /jobs',
  'GET /jobs/{jobId}',
  'GET /jobs/batch',
  'POST /jobs/{jobId}/{verb}',
  'GET /jobs/{rest+}',
];
// In reverse as well: the order in which routes are declared must not matter.
const tables = [keys, keys.toReversed()].map((list) =>
  list.map((key) => ({ key, pattern: parseRouteKey(key) })),
);

const matches = (method: string, path: string) =>
  tables.map((routes) => {
    const match = matchRoute(routes, method, path);
    return match && { key: match.route.key, ...match.pathParameters };
  });

describe('routes of an HTTP API', () => {
  it.each([
    ['GET', '/jobs', { key: 'GET /jobs' }],
    ['POST', '/jobs', { key: 'ANY /jobs' }],
    ['GET', '/jobs/batch', { key: 'GET /jobs/batch' }],
    ['GET', '/jobs/17', { key: 'GET /jobs/{jobId}', jobId: '17' }],
    ['POST', '/jobs/17/cancel', { key: 'POST /jobs/{jobId}/{verb}', jobId: '17', verb: 'cancel' }],
    ['GET', '/a/b', { key: 'GET /{one}/{two}', one: 'a', two: 'b' }],
    ['GET', '/jobs/17/logs/1', { key: 'GET /jobs/{rest+}', rest: '17/logs/1' }],
    ['DELETE', '/jobs/17', { key: 'ANY /{proxy+}', proxy: 'jobs/17' }],
    ['GET', '/', { key: '$default' }],
  ])('%s %s goes to the most specific one', (method, path, expected) => {
    expect(matches(method, path)).toEqual([expected, expected]);
  });

  it('a path that fits none has no route', () => {
    const routes = [{ pattern: parseRouteKey('GET /jobs/{jobId}') }];
    expect(matchRoute(routes, 'GET', '/jobs')).toBeUndefined();
    expect(matchRoute(routes, 'GET', '/jobs/')).toBeUndefined();
    expect(matchRoute(routes, 'PUT', '/jobs/1')).toBeUndefined();
  });

  it('a route key that is none is an error', () => {
    expect(() => parseRouteKey('GET jobs')).toThrow(/route key "GET jobs"/);
  });
});
