import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { matchRoute, parseRouteKey } from '../http-api/routes.ts';
import { type ApiAnswer, ApiError, type ApiRequest, json, type Operation } from './operation.ts';

export interface AwsApi {
  readonly endpoint: string;
  /** Calls that come before are refused as unavailable, which the SDK tries again. */
  serve(operations: readonly Operation[]): void;
  stop(): Promise<void>;
}

/** The services that have no emulator: one server on the loopback interface that knows the few operations that are run here. */
export async function startAwsApi(onError: (error: unknown) => void): Promise<AwsApi> {
  let answer: ((message: IncomingMessage) => Promise<ApiAnswer>) | undefined;
  const server = createServer((message, response) => {
    (answer ?? unavailable)(message)
      .catch((error: unknown) => toAnswer(error, onError))
      .then((given) => send(response, given), onError);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    serve: (operations) => {
      answer = answering(operations);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const unavailable = () => Promise.reject(new ApiError('ServiceUnavailableException', 'starting', 503));

function answering(operations: readonly Operation[]): (message: IncomingMessage) => Promise<ApiAnswer> {
  const byTarget = new Map(operations.map((operation) => [operation.route, operation]));
  const routes = operations
    .filter(({ route }) => route.includes(' '))
    .map((operation) => ({ operation, pattern: parseRouteKey(operation.route) }));
  return async (message) => {
    const request = await readRequest(message);
    const target = String(message.headers['x-amz-target'] ?? '');
    const operation = byTarget.get(target);
    if (operation) return operation.run(request);
    const match = target === '' ? matchRoute(routes, request.method, request.path) : undefined;
    if (!match) throw unknownOperation(request, target);
    const parameters = Object.fromEntries(
      Object.entries(match.pathParameters).map(([name, text]): [string, string] => [
        name,
        decodeURIComponent(text),
      ]),
    );
    return match.route.operation.run({ ...request, parameters });
  };
}

async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const [path = '', query = ''] = (message.url ?? '').split('?', 2);
  return {
    method: message.method ?? '',
    path: path.length > 1 ? path.replace(/\/$/, '') : path,
    query: new URLSearchParams(query),
    headers: message.headers,
    body: Buffer.concat(chunks),
    parameters: {},
  };
}

function unknownOperation({ method, path, headers }: ApiRequest, target: string): ApiError {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(headers['authorization']))?.[1];
  const operation = target === '' ? `${method} ${path}` : target;
  const of = service === undefined ? '' : ` of the service ${service}`;
  return new ApiError(
    'UnknownOperationException',
    `the operation ${operation}${of} is not served by local/aws-api`,
    404,
  );
}

function toAnswer(error: unknown, onError: (error: unknown) => void): ApiAnswer {
  if (!(error instanceof ApiError)) onError(error);
  const told =
    error instanceof ApiError ? error : new ApiError('InternalServerException', String(error), 500);
  const answer = json({ __type: told.code, message: told.message, Message: told.message }, told.status);
  return { ...answer, headers: { 'x-amzn-errortype': told.code } };
}

function send(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 ? undefined : body);
}
