import type { IncomingMessage } from 'node:http';
import type { Properties } from '../template/resource-types.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { type RefusalAnswer, s3Error } from './refusal.ts';
import { wildcardMatches } from './wildcard.ts';

type CorsRule = NonNullable<Properties<'AWS::S3::Bucket'>['CorsConfiguration']>['CorsRules'][number];
export type BucketCors = ReadonlyMap<string, readonly CorsRule[]>;

/** The CORS rules of the buckets, by name: the emulator knows none, and a browser would not PUT to a presigned URL. */
export const bucketCors = (resources: readonly Resource[]): BucketCors =>
  new Map(
    ofType(resources, 'AWS::S3::Bucket').map(({ ref, properties }) => [
      ref,
      properties.CorsConfiguration?.CorsRules ?? [],
    ]),
  );

type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** The answer to a preflight, which S3 gives without asking for a signature (User Guide, "How does Amazon S3 evaluate …"). */
export function preflightAnswer(buckets: BucketCors, { url, headers }: Asked): RefusalAnswer {
  const { origin, 'access-control-request-method': method = '' } = headers;
  if (origin === undefined)
    return s3Error(400, 'BadRequest', 'Insufficient information. Origin request header needed.');
  const rules = rulesFor(buckets, url);
  if (rules.length === 0)
    return s3Error(403, 'AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.');
  const wanted = listed(headers['access-control-request-headers']);
  const rule = rules.find((each) => fits(each, origin, method) && allowsHeaders(each, wanted));
  if (!rule) return s3Error(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
  const granted = {
    ...originHeaders(rule, origin),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
  };
  return { status: 200, headers: granted, body: '' };
}

/** What S3 adds to the answer of a request from another origin, a refusal included; nothing when no rule fits. */
export function corsHeaders(
  buckets: BucketCors,
  { method = '', url, headers: { origin } }: Asked,
): Record<string, string> {
  if (origin === undefined) return {};
  const rule = rulesFor(buckets, url).find((each) => fits(each, origin, method));
  return rule ? originHeaders(rule, origin) : {};
}

function rulesFor(buckets: BucketCors, url = ''): readonly CorsRule[] {
  const [, bucket = ''] = /^\/([^/?]*)/.exec(url) ?? [];
  return buckets.get(bucket) ?? [];
}

const fits = ({ AllowedOrigins, AllowedMethods }: CorsRule, origin: string, method: string) =>
  AllowedMethods.some((allowed) => allowed === method) &&
  AllowedOrigins.some((allowed) => wildcardMatches(allowed, origin));

const allowsHeaders = ({ AllowedHeaders }: CorsRule, wanted: readonly string[]) =>
  wanted.every((name) => AllowedHeaders.some((allowed) => wildcardMatches(allowed.toLowerCase(), name)));

const listed = (text = '') =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);

/** An origin is named only where the rule does not allow all of them. */
function originHeaders(
  { AllowedOrigins, AllowedMethods, ExposedHeaders }: CorsRule,
  origin: string,
): Record<string, string> {
  const named = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
  return {
    ...(AllowedOrigins.includes('*') ? { 'access-control-allow-origin': '*' } : named),
    'access-control-allow-methods': AllowedMethods.join(', '),
    ...(ExposedHeaders && { 'access-control-expose-headers': ExposedHeaders.join(', ') }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
