import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type RefusalAnswer, s3Error } from './refusal.ts';

/** A request whose signature stands in its address, where whoever is given the address may change things. */
export interface PresignedRequest {
  readonly method: string;
  /** As sent: with its escapes. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Why S3 would refuse a presigned URL, if it would: it has expired, or address, method or a signed header is not what was
 * signed (S3 User Guide, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)"). What is signed in a
 * header is not checked: the SDK has just signed it itself.
 */
export function presignedRefusal(
  request: PresignedRequest,
  secretKey: string,
  nowMs: number,
): RefusalAnswer | undefined {
  const signed = readSignature(request.query);
  if (!signed) return s3Error(400, 'AuthorizationQueryParametersError', incomplete);
  const endMs = signed.atMs + signed.expiresSeconds * 1000;
  if (nowMs > endMs)
    return s3Error(403, 'AccessDenied', 'Request has expired', validity(signed, endMs, nowMs));
  const stranger = unsignedHeaders(request.headers, signed.headers);
  if (stranger.length > 0)
    return s3Error(
      403,
      'AccessDenied',
      notSigned,
      `<HeadersNotSigned>${stranger.join(', ')}</HeadersNotSigned>`,
    );
  const isTrue = signatureOf(request, signed, secretKey) === request.query.get('X-Amz-Signature');
  return isTrue ? undefined : s3Error(403, 'SignatureDoesNotMatch', noMatch);
}

interface Signature {
  /** As in the query: `20260101T120000Z`. */
  readonly date: string;
  readonly atMs: number;
  readonly expiresSeconds: number;
  /** `<date>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly headers: readonly string[];
}

const incomplete =
  'X-Amz-Algorithm, -Credential, -Date, -Expires (at most a week), -SignedHeaders and -Signature are required';
const notSigned = 'There were headers present in the request which were not signed';
const noMatch =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
const weekSeconds = 7 * 24 * 60 * 60;

function readSignature(query: URLSearchParams): Signature | undefined {
  const text = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  const expiresSeconds = Number(text('Expires') || Number.NaN);
  const [, ...scope] = text('Credential').split('/');
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text('Date'));
  if (text('Algorithm') !== 'AWS4-HMAC-SHA256' || text('Signature') === '' || time === null) return undefined;
  if (!(expiresSeconds >= 1 && expiresSeconds <= weekSeconds)) return undefined;
  const [, year, month, day, hour, minute, second] = time;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const headers = text('SignedHeaders').split(';');
  return { date: text('Date'), atMs, expiresSeconds, scope: scope.join('/'), headers };
}

const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const validity = ({ expiresSeconds }: Signature, endMs: number, nowMs: number) =>
  `<X-Amz-Expires>${expiresSeconds}</X-Amz-Expires><Expires>${seconds(endMs)}</Expires><ServerTime>${seconds(nowMs)}</ServerTime>`;

/** What a header of Amazon says must be signed; the hash of the body may be told aside. */
const unsignedHeaders = (headers: IncomingHttpHeaders, signed: readonly string[]) =>
  Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signed.includes(name),
  );

function signatureOf(
  request: PresignedRequest,
  { date, scope, headers }: Signature,
  secretKey: string,
): string {
  const given = (name: string) => [request.headers[name]].flat().join(',').trim().replaceAll(/\s+/g, ' ');
  const canonical = [
    request.method,
    escaped(decodeURIComponent(request.path)).replaceAll('%2F', '/'),
    canonicalQuery(request.query),
    ...headers.map((name) => `${name}:${given(name)}`),
    '',
    headers.join(';'),
    request.query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = scope.split('/').reduce(hmac, Buffer.from(`AWS4${secretKey}`));
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`).toString('hex');
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const canonicalQuery = (query: URLSearchParams) =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    // Sorted by name before value: no sign of a name may be compared with the "=".
    .map(([name, value]) => `${escaped(name)}\0${escaped(value)}`)
    .toSorted()
    .join('&')
    .replaceAll('\0', '=');

/** As AWS escapes: everything but letters, digits and `-._~`. */
const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
