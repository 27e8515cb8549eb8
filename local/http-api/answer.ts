import * as z from 'zod';
import type { InvocationResult } from '../lambda/messages.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const formatted = z.looseObject({
  statusCode: z.union([
    z.number().int(),
    z
      .string()
      .regex(/^\d{3}$/)
      .transform(Number),
  ]),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

// What a function returns to a synchronous caller ends here too.
const largestAnswer = 6 * 1024 * 1024;

/** The answers that API Gateway gives itself. */
export const gatewayAnswer = (
  status: number,
  message: string,
  headers: HttpAnswer['headers'] = {},
): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify({ message })),
});

export const notFound = gatewayAnswer(404, 'Not Found');
export const serviceUnavailable = gatewayAnswer(503, 'Service Unavailable');
export const internalServerError = gatewayAnswer(500, 'Internal Server Error');
export const tooLarge = gatewayAnswer(413, 'Request Entity Too Large');
export const headersTooLarge = gatewayAnswer(431, 'Request Header Fields Too Large');

/** What a function returned, in format 2.0; without a `statusCode` the whole of it is the JSON body of a 200. */
export function toAnswer(result: InvocationResult): HttpAnswer {
  if (!result.ok || Buffer.byteLength(result.payload) > largestAnswer) return internalServerError;
  const value: unknown = JSON.parse(result.payload);
  if (!hasStatusCode(value)) return inferred(value);
  const parsed = formatted.safeParse(value);
  return parsed.success ? formattedAnswer(parsed.data) : internalServerError;
}

function hasStatusCode(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'statusCode' in value;
}

function inferred(value: unknown): HttpAnswer {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
}

function formattedAnswer({
  statusCode,
  headers = {},
  cookies,
  body,
  isBase64Encoded,
}: z.output<typeof formatted>): HttpAnswer {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(named),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}
