import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { accountId } from '../template/identities.ts';

/** A request as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly protocol: string;
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly port: number;
}

export interface RoutedRequest {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly receivedAt: Date;
  readonly apiId: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly jwt?: JwtContext;
}

export type JwtContext = APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']['authorizer']['jwt'];

/** The event in payload format 2.0, as an HTTP API makes it. */
export function toEvent(routed: RoutedRequest): APIGatewayProxyEventV2 {
  const { request, routeKey } = routed;
  const { rawPath, rawQueryString } = splitTarget(request.target);
  const { headers, cookies } = collectHeaders(request);
  const query = queryParameters(rawQueryString);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: requestContext(routed, rawPath, headers),
    ...(Object.keys(routed.pathParameters).length > 0 && { pathParameters: { ...routed.pathParameters } }),
    ...bodyOf(request.body, headers['content-type']),
  };
}

/** An HTTP API decodes the path before anything else (and drops what follows a decoded `?`), but never the query. */
export function splitTarget(target: string): { rawPath: string; rawQueryString: string } {
  const at = target.indexOf('?');
  const [path, rawQueryString] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  return { rawPath: decoded(path).split('?')[0] ?? '', rawQueryString };
}

/** A malformed escape is left as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function requestContext(routed: RoutedRequest, path: string, headers: Record<string, string>) {
  const { request, requestId, receivedAt, apiId, routeKey, jwt } = routed;
  const domainName = headers['host'] ?? '';
  const context = {
    accountId,
    apiId,
    ...(jwt && { authorizer: { jwt } }),
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: '$default',
    time: logTime(receivedAt),
    timeEpoch: receivedAt.getTime(),
  };
  return context;
}

/** Names in lower case; values of the same name joined by commas. Cookies are listed by themselves. */
function collectHeaders({ rawHeaders, sourceIp, port }: HttpRequest) {
  const headers: Record<string, string> = {
    'x-forwarded-for': sourceIp,
    'x-forwarded-port': String(port),
    'x-forwarded-proto': 'http',
  };
  const cookies: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? ''];
    if (name === 'cookie') cookies.push(...value.split(/;\s*/));
    else
      headers[name] =
        headers[name] !== undefined && !name.startsWith('x-forwarded-') ? `${headers[name]},${value}` : value;
  }
  return { headers, cookies };
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const pair of rawQueryString.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    const [key, text] = [formDecoded(name), formDecoded(value)];
    parameters[key] = parameters[key] === undefined ? text : `${parameters[key]},${text}`;
  }
  return parameters;
}

const formDecoded = (text: string) => decoded(text.replaceAll('+', ' '));

/** Only these types arrive as text; everything else, a missing type included, is base64. */
const textTypes = /^(text\/.*|application\/(json|xml|javascript))$/;

function bodyOf(body: Buffer, contentType = ''): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = textTypes.test((contentType.split(';')[0] ?? '').trim().toLowerCase());
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
