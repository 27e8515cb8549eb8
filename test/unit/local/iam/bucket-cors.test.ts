import { describe, expect, it } from '@jest/globals';
import { bucketCors, corsHeaders, preflightAnswer } from '../../../../local/iam/bucket-cors.ts';
import { readTemplate } from '../../../support/iam/a-template.ts';

const withRules = (...CorsRules: object[]) =>
  bucketCors(
    readTemplate({
      B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b', CorsConfiguration: { CorsRules } } },
    }),
  );
const asked = (method: string, origin: string, headers = '') => ({
  method: 'OPTIONS',
  url: '/b/key?x=1',
  headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
});
const put = { AllowedMethods: ['PUT'], AllowedOrigins: ['https://*.example'] };

describe('the CORS rules of a bucket (S3 User Guide, "Elements of a CORS configuration")', () => {
  it('an origin may have one wildcard, and is then named in the answer', () => {
    const buckets = withRules(put);
    expect(preflightAnswer(buckets, asked('PUT', 'https://a.example'))).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': 'https://a.example',
        'access-control-allow-credentials': 'true',
      },
    });
    expect(preflightAnswer(buckets, asked('PUT', 'http://a.example')).status).toBe(403);
  });

  it('a star alone is answered with a star, and no credentials', () => {
    const answer = corsHeaders(withRules({ ...put, AllowedOrigins: ['*'] }), {
      ...asked('', 'https://a'),
      method: 'PUT',
    });
    expect(answer['access-control-allow-origin']).toBe('*');
    expect(answer).not.toHaveProperty('access-control-allow-credentials');
  });

  it('every header that is asked for must be allowed, without regard to case', () => {
    const buckets = withRules({ ...put, AllowedHeaders: ['X-Amz-*', 'content-type'] });
    const status = (headers: string) =>
      preflightAnswer(buckets, asked('PUT', 'https://a.example', headers)).status;
    expect([status('Content-Type, x-amz-meta-upload'), status('content-type, x-other')]).toEqual([200, 403]);
  });

  it('the first rule that fits counts', () => {
    const buckets = withRules(
      { ...put, AllowedMethods: ['GET'] },
      { ...put, MaxAge: 5 },
      { ...put, MaxAge: 9 },
    );
    expect(preflightAnswer(buckets, asked('PUT', 'https://a.example')).headers).toMatchObject({
      'access-control-max-age': '5',
    });
  });

  it('a request without an origin is none of its business', () => {
    expect(corsHeaders(withRules(put), { method: 'PUT', url: '/b/key', headers: {} })).toEqual({});
  });
});
