import middy from '@middy/core';
import jsonBodyParser from '@middy/http-json-body-parser';
import router from '@middy/http-router';
import securityHeaders from '@middy/http-security-headers';
import type {
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { Caller } from '../service/caller.ts';
import { prefersTo } from './accept.ts';
import { callerOf } from './caller-of.ts';
import { logBug } from './log.ts';
import { type Problem, problem, problemOf } from './problem.ts';

/** Answers are JSON for programs: no page of ours may frame, load or run anything. */
const JSON_ONLY = {
  contentSecurityPolicy: { 'default-src': "'none'", 'frame-ancestors': "'none'" },
  permissionsPolicy: false,
};

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;
type Response = APIGatewayProxyStructuredResultV2;

export interface Request {
  readonly caller: Caller;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** The client would rather have the route's other type than JSON. */
  readonly prefersOther: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** The answer as it is, in the route's other type, instead of a body in JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for a whole segment. */
  readonly path: string;
  /** All is said by the path: a request need not bring a body. */
  readonly needsNoBody?: true;
  /** What the body could say has defaults. */
  readonly mayOmitBody?: true;
  /** Beside JSON: what a client may ask for. */
  readonly answersIn?: 'text/csv' | 'text/plain';
  readonly handle: (request: Request) => Promise<Answer>;
}

/** An answer as most are. */
export const ok = (body: unknown): Answer => ({ status: 200, body });

/** The Lambda handler of an HTTP API (payload format 2.0): routes, JSON bodies, problem documents. */
export const httpHandler = (routes: readonly Route[]) =>
  middy<Event, Response>()
    .use(securityHeaders(JSON_ONLY))
    // Registered last, so it answers first and the headers are added to its answer.
    .use({
      onError: (request: middy.Request<Event, Response>) => {
        request.response = refusalOf(request.error, request.context);
      },
    })
    .handler(
      router<Event, Response>({
        routes: routes.map((route) => ({
          method: route.method,
          path: route.path,
          handler: takesBody(route) ? middy(handlerOf(route)).use(bodyParser(route)) : handlerOf(route),
        })),
        notFoundResponse: ({ path }) => {
          throw new NoRoute(path, methodsAt(path, routes));
        },
      }),
    );

const takesBody = ({ method, needsNoBody }: Route): boolean =>
  method !== 'GET' && method !== 'DELETE' && !needsNoBody;

function bodyParser({ mayOmitBody }: Route): middy.MiddlewareObj<Event, Response> {
  const parser = jsonBodyParser();
  if (!mayOmitBody) return parser;
  return {
    before: async (request) => {
      if (request.event.body) await parser.before?.(request);
    },
  };
}

const handlerOf =
  ({ handle, answersIn }: Route) =>
  async (event: Event): Promise<Response> => {
    refuseOtherTypes(event.headers['accept'], answersIn);
    const { status, body, text, headers } = await handle({
      caller: callerOf(event),
      query: event.queryStringParameters ?? {},
      params: event.pathParameters ?? {},
      headers: event.headers,
      body: event.body,
      prefersOther: answersIn !== undefined && prefersTo(event.headers['accept'], answersIn),
    });
    if (text === undefined)
      return response(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
    return response(status, text, { 'content-type': `${answersIn}; charset=utf-8`, ...headers });
  };

function refusalOf(error: unknown, context: Context): Response {
  const answer = error instanceof ProtocolRefusal ? error.problem : problemOf(error);
  if (answer.status >= 500) logBug('request failed', error);
  return response(answer.status, JSON.stringify({ ...answer, requestId: context.awsRequestId }), {
    'content-type': 'application/problem+json',
    ...(error instanceof NoRoute && error.allowed.length > 0 && { allow: error.allowed.join(', ') }),
    ...(answer.status === 503 && { 'retry-after': '1' }),
  });
}

/** Status pages are polled: an answer kept by a cache on the way would show a job that stands still. */
const response = (statusCode: number, body: string, headers: Record<string, string>): Response => ({
  statusCode,
  headers: { 'cache-control': 'no-store', ...headers },
  body,
});

/** What HTTP itself refuses, before anything of ours is asked. */
class ProtocolRefusal extends Error {
  readonly problem: Problem;
  constructor(answer: Problem) {
    super(answer.detail);
    this.problem = answer;
  }
}

class NoRoute extends ProtocolRefusal {
  readonly allowed: readonly string[];
  constructor(path: string, allowed: readonly string[]) {
    super(
      allowed.length === 0
        ? problem('NoRoute', {
            status: 404,
            title: 'There is no such page',
            detail: `Nothing is served at ${path}.`,
          })
        : problem('MethodNotAllowed', {
            status: 405,
            title: 'This method is not served here',
            detail: `${path} serves ${allowed.join(', ')}.`,
          }),
    );
    this.allowed = allowed;
  }
}

const methodsAt = (path: string, routes: readonly Route[]): string[] =>
  routes.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`);

function refuseOtherTypes(accept: string | undefined, other?: Route['answersIn']): void {
  if (
    other !== undefined &&
    accept
      ?.toLowerCase()
      .match(/text\/[*\w]+/g)
      ?.some((type) => ['text/*', other].includes(type))
  )
    return;
  if (accept === undefined || /(?:application|\*)\/(?:\*|json|problem\+json)/i.test(accept)) return;
  const served = ['application/json', ...(other === undefined ? [] : [other])].join(' and ');
  const detail = `This version answers in ${served} only, not in ${accept.slice(0, 100)}.`;
  throw new ProtocolRefusal(
    problem('NotAcceptable', { status: 406, title: 'No such representation', detail }),
  );
}
