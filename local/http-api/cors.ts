import type { Properties } from '../template/resource-types.ts';
import type { HttpAnswer } from './answer.ts';

export type CorsRules = NonNullable<Properties<'AWS::ApiGatewayV2::Api'>['CorsConfiguration']>;

export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  readonly asksForMethod: boolean;
}

/** The answer to a preflight, which API Gateway gives by itself; `undefined` when the request is none. */
export function preflightAnswer(request: CorsRequest, rules: CorsRules): HttpAnswer | undefined {
  if (request.method !== 'OPTIONS' || request.origin === undefined || !request.asksForMethod)
    return undefined;
  return withCors(
    { status: 204, headers: {}, body: Buffer.alloc(0) },
    request,
    rules,
    preflightHeaders(rules),
  );
}

/** API Gateway replaces the CORS headers of an integration by those of its own configuration. */
export function withCors(
  answer: HttpAnswer,
  request: CorsRequest,
  rules: CorsRules,
  more = exposedHeaders(rules),
): HttpAnswer {
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const headers = Object.fromEntries(own);
  if (!isAllowed(request.origin, rules)) return { ...answer, headers };
  return { ...answer, headers: { ...headers, ...originHeaders(request.origin, rules), ...more } };
}

function isAllowed(origin: string | undefined, { AllowOrigins = [] }: CorsRules): origin is string {
  return (
    origin !== undefined &&
    AllowOrigins.some((allowed) => allowed === '*' || allowed === origin || fitsScheme(allowed, origin))
  );
}

/** `https://*` allows every origin of that scheme. */
const fitsScheme = (allowed: string, origin: string) =>
  allowed.endsWith('://*') && origin.startsWith(allowed.slice(0, -1));

function originHeaders(
  origin: string,
  { AllowOrigins = [], AllowCredentials }: CorsRules,
): Record<string, string> {
  if (AllowOrigins.includes('*') && !AllowCredentials) return { 'access-control-allow-origin': '*' };
  const credentials = AllowCredentials ? { 'access-control-allow-credentials': 'true' } : undefined;
  return { 'access-control-allow-origin': origin, vary: 'origin', ...credentials };
}

function preflightHeaders({ AllowMethods, AllowHeaders, MaxAge }: CorsRules): Record<string, string> {
  return {
    ...(AllowMethods && { 'access-control-allow-methods': AllowMethods.join(',') }),
    ...(AllowHeaders && { 'access-control-allow-headers': AllowHeaders.join(',') }),
    ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
  };
}

function exposedHeaders({ ExposeHeaders }: CorsRules): Record<string, string> {
  return ExposeHeaders ? { 'access-control-expose-headers': ExposeHeaders.join(',') } : {};
}
