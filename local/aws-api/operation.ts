import * as z from 'zod';

/** A call of the SDK as it came over the wire. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** What the path names, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An operation of a service: `GET /schedules/{Name}`, or with the protocol of DynamoDB `AWSEvents.PutEvents`. */
export interface Operation {
  readonly name: string;
  readonly route: string;
  run(request: ApiRequest): ApiAnswer | Promise<ApiAnswer>;
}

/** A refusal as the service words it: the SDK makes an exception with this code as its name. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const json = (value: unknown, status = 200): ApiAnswer => ({ status, body: JSON.stringify(value) });

/** The body of a request; what is wrong with it is told with the code that the service uses for that. */
export function parseBody<T>(schema: z.ZodType<T>, { body }: ApiRequest, code = 'ValidationException'): T {
  let value: unknown;
  try {
    value = JSON.parse(body.toString() || '{}');
  } catch {
    throw new ApiError('SerializationException', 'the body is not JSON');
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new ApiError(code, checked.error.issues.map(describeIssue).join('; '));
}

const describeIssue = ({ path, message }: z.core.$ZodIssue) =>
  path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message;
