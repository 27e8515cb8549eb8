import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context, SQSEvent, SQSRecord } from 'aws-lambda';

interface HttpFacts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** As text; anything else is sent as JSON. */
  readonly body?: unknown;
  readonly base64?: boolean;
  /** In the string form in which API Gateway hands them over. */
  readonly claims?: Record<string, string>;
}

export const CLAIMS = { sub: '11111111-0000-4000-8000-000000000001', 'cognito:groups': '[operator]' };

/** What API Gateway hands to the function for one request: payload format 2.0, JWT authorizer. */
export function anHttpEvent({
  method = 'GET',
  path = '/things',
  query,
  headers = {},
  body,
  base64 = false,
  claims = CLAIMS,
}: HttpFacts = {}): APIGatewayProxyEventV2WithJWTAuthorizer {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: `${method} /{proxy+}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      host: 'api.example.com',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(query !== undefined && { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: { principalId: '', integrationLatency: 0, jwt: { claims, scopes: [] } },
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http,
      requestId: 'gateway-request',
      routeKey: `${method} /{proxy+}`,
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_348_800_000,
    },
    pathParameters: { proxy: path.slice(1) },
    isBase64Encoded: base64,
    ...(text !== undefined && { body: base64 ? Buffer.from(text).toString('base64') : text }),
  };
}

export const aContext = (facts: Partial<Context> = {}): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'longhaul',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:longhaul',
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  logGroupName: '/longhaul',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
  ...facts,
});

/** One message of a FIFO queue, as an event source mapping hands it over. */
export const aRecord = (messageId: string, group: string, body: unknown = {}): SQSRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1795348800000',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '1795348800000',
    MessageGroupId: group,
    SequenceNumber: '1',
    MessageDeduplicationId: messageId,
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:bulk.fifo',
  awsRegion: 'us-east-1',
});

export const aBatch = (...records: SQSRecord[]): SQSEvent => ({ Records: records });
