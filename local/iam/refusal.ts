import { randomUUID } from 'node:crypto';
import { escaped } from './mass-deletion.ts';

/** An answer that a service gives instead of its own when the caller may not do what it asks. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the SDK shows as the name of the error differs by service, also for one and the same reason. */
export interface Refusal {
  readonly kind: 'access denied' | 'unknown key' | 'not signed';
  readonly message: string;
}

type Answer = (refusal: Refusal) => RefusalAnswer;

const jsonTarget =
  (version: '1.0' | '1.1'): Answer =>
  ({ kind, message }) => {
    const type = kind === 'access denied' ? 'AccessDeniedException' : 'UnrecognizedClientException';
    return answer(400, `application/x-amz-json-${version}`, {
      // DynamoDB capitalises the message of this one error; the SDK reads both.
      body: JSON.stringify({ __type: `com.amazon.coral.service#${type}`, Message: message, message }),
    });
  };

/** SQS answers in JSON, but keeps the names of errors from its former protocol in a header. */
const sqs: Answer = ({ kind, message }) => {
  const code = kind === 'access denied' ? 'AccessDenied' : 'InvalidClientTokenId';
  return answer(403, 'application/x-amz-json-1.0', {
    headers: { 'x-amzn-query-error': `${code};Sender` },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }),
  });
};

const s3: Answer = ({ kind, message }) =>
  s3Error(403, kind === 'unknown key' ? 'InvalidAccessKeyId' : 'AccessDenied', message);

const rest: Answer = ({ kind, message }) => {
  const code = kind === 'access denied' ? 'AccessDeniedException' : 'UnrecognizedClientException';
  return answer(403, 'application/json', {
    headers: { 'x-amzn-errortype': code },
    body: JSON.stringify({ Message: message, message }),
  });
};

const byService: Readonly<Record<string, Answer>> = {
  dynamodb: jsonTarget('1.0'),
  events: jsonTarget('1.1'),
  sqs,
  s3,
};

export function refusalAnswer(service: string, refusal: Refusal): RefusalAnswer {
  return (byService[service] ?? rest)(refusal);
}

/** An error of S3; `details` are further elements of its XML. */
export function s3Error(status: number, code: string, message: string, details = ''): RefusalAnswer {
  const error = `<Code>${code}</Code><Message>${escaped(message)}</Message>${details}`;
  return answer(status, 'application/xml', {
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}</Error>`,
  });
}

function answer(
  status: number,
  contentType: string,
  { headers = {}, body }: { headers?: Record<string, string>; body: string },
): RefusalAnswer {
  return {
    status,
    headers: {
      'content-type': contentType,
      'x-amzn-requestid': randomUUID(),
      ...headers,
    },
    body,
  };
}
