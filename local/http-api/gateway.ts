import { randomUUID } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { FaultyTemplate } from '../cannot-start.ts';
import type { InvocationResult } from '../lambda/messages.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { type HttpAnswer, notFound, serviceUnavailable, toAnswer, tooLarge } from './answer.ts';
import { authorize, type JwtRules } from './authorizer.ts';
import { type CorsRules, preflightAnswer, withCors } from './cors.ts';
import { type HttpRequest, type JwtContext, splitTarget, toEvent } from './event.ts';
import { matchRoute, parseRouteKey, type RoutePattern } from './routes.ts';

interface Route {
  readonly routeKey: string;
  readonly pattern: RoutePattern;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly jwt: JwtRules | undefined;
}

export interface Gateway {
  answer(request: HttpRequest, requestId: string): Promise<HttpAnswer>;
}

interface Backend {
  invoke(functionArn: string, event: string): Promise<InvocationResult>;
  readonly keys: JSONWebKeySet;
}

// Lambda's limit for the event of a synchronous invocation.
const largestEvent = 6 * 1024 * 1024;

/** The HTTP API of the template: routes, authorizers, CORS, limits. Answers with the service's own status codes and bodies. */
export function httpGateway(resources: readonly Resource[], backend: Backend): Gateway {
  const [api, ...others] = ofType(resources, 'AWS::ApiGatewayV2::Api');
  if (!api || others.length > 0)
    throw new FaultyTemplate([`one HTTP API can be served here, found ${others.length + Number(!!api)}`]);
  const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map((route) => readRoute(route, resources));
  const cors = api.properties.CorsConfiguration;
  const passOn = passRequestsOn(api.ref, routes, backend);
  return { answer: cors ? withCorsRules(cors, passOn) : passOn };
}

type Answering = Gateway['answer'];

function withCorsRules(rules: CorsRules, passOn: Answering): Answering {
  return async (request, requestId) => {
    const cors = {
      method: request.method,
      origin: headerOf(request, 'origin'),
      asksForMethod: headerOf(request, 'access-control-request-method') !== undefined,
    };
    return preflightAnswer(cors, rules) ?? withCors(await passOn(request, requestId), cors, rules);
  };
}

function passRequestsOn(apiId: string, routes: readonly Route[], backend: Backend): Answering {
  return async (request, requestId) => {
    const match = matchRoute(routes, request.method, splitTarget(request.target).rawPath);
    if (!match) return notFound;
    const { route, pathParameters } = match;
    const authorization = await authorizeFor(route, request, backend.keys);
    if (!authorization.allowed) return authorization.answer;
    const { jwt } = authorization;
    const routed = {
      request,
      requestId,
      receivedAt: new Date(),
      apiId,
      routeKey: route.routeKey,
      pathParameters,
    };
    const event = JSON.stringify(toEvent({ ...routed, ...(jwt && { jwt }) }));
    if (Buffer.byteLength(event) > largestEvent) return tooLarge;
    return withinTime(backend.invoke(route.functionArn, event).then(toAnswer), route.timeoutMs);
  };
}

type RouteAuthorization = { allowed: true; jwt?: JwtContext } | { allowed: false; answer: HttpAnswer };

function authorizeFor(
  { jwt }: Route,
  request: HttpRequest,
  keys: JSONWebKeySet,
): Promise<RouteAuthorization> {
  if (!jwt) return Promise.resolve({ allowed: true });
  return authorize(headerOf(request, 'authorization'), jwt, keys);
}

/** The caller gets no answer in time; the invocation goes on until the function's own timeout. */
async function withinTime(answer: Promise<HttpAnswer>, timeoutMs: number): Promise<HttpAnswer> {
  const { promise: late, resolve } = Promise.withResolvers<HttpAnswer>();
  const timer = setTimeout(() => resolve(serviceUnavailable), timeoutMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function readRoute(route: Resource<'AWS::ApiGatewayV2::Route'>, resources: readonly Resource[]): Route {
  const {
    RouteKey: routeKey,
    Target,
    AuthorizationScopes: scopes,
    AuthorizationType,
    AuthorizerId,
  } = route.properties;
  const integration = withRef(
    ofType(resources, 'AWS::ApiGatewayV2::Integration'),
    Target.slice('integrations/'.length),
    routeKey,
  );
  const authorizers = ofType(resources, 'AWS::ApiGatewayV2::Authorizer');
  const jwt =
    AuthorizationType === 'JWT'
      ? withRef(authorizers, AuthorizerId ?? '', routeKey).properties.JwtConfiguration
      : undefined;
  return {
    routeKey,
    pattern: parseRouteKey(routeKey),
    functionArn: integration.properties.IntegrationUri,
    timeoutMs: integration.properties.TimeoutInMillis,
    jwt: jwt && { issuer: jwt.Issuer, audience: jwt.Audience, scopes },
  };
}

function withRef<R extends Resource>(resources: readonly R[], ref: string, routeKey: string): R {
  const found = resources.find((resource) => resource.ref === ref);
  if (!found) throw new FaultyTemplate([`the route ${routeKey} names ${ref}, which is not in the template`]);
  return found;
}

function headerOf({ rawHeaders }: HttpRequest, name: string): string | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : rawHeaders[at + 1];
}

/** API Gateway's ids look like `JKJaXmPLvHcESHA=`. */
export const newRequestId = () => Buffer.from(randomUUID().slice(0, 11)).toString('base64');
