import { deletedKeys, isMassDeletion } from '../mass-deletion.ts';
import { anything, type Need, need, type ServiceRequest, type Wanted } from './need.ts';

/** Parameters that change how a request is carried out, but not which permission it needs. */
const harmless =
  /^(x-id|x-amz-.*|response-.*|partNumber|list-type|prefix|delimiter|max-keys|max-parts|max-uploads|marker|.*-marker|continuation-token|start-after|encoding-type|fetch-owner|key)$/i;

/** The action by method and the parameter that names a part of the object: `?tagging`, `?uploadId=…`. */
const onObject: Readonly<Record<string, string>> = {
  'GET ': 's3:GetObject',
  'HEAD ': 's3:GetObject',
  'PUT ': 's3:PutObject',
  'DELETE ': 's3:DeleteObject',
  'GET versionId': 's3:GetObjectVersion',
  'HEAD versionId': 's3:GetObjectVersion',
  'DELETE versionId': 's3:DeleteObjectVersion',
  'GET tagging': 's3:GetObjectTagging',
  'PUT tagging': 's3:PutObjectTagging',
  'DELETE tagging': 's3:DeleteObjectTagging',
  'POST uploads': 's3:PutObject',
  'PUT uploadId': 's3:PutObject',
  'POST uploadId': 's3:PutObject',
  'GET uploadId': 's3:ListMultipartUploadParts',
  'DELETE uploadId': 's3:AbortMultipartUpload',
};

const onBucket: Readonly<Record<string, string>> = {
  'GET ': 's3:ListBucket',
  'HEAD ': 's3:ListBucket',
  'GET uploads': 's3:ListBucketMultipartUploads',
  'GET versions': 's3:ListBucketVersions',
  'GET location': 's3:GetBucketLocation',
};

/** Path style only: the SDK uses it for addresses like 127.0.0.1. */
export function s3Wanted(request: ServiceRequest): Wanted {
  const { method, query } = request;
  const { bucket, key } = objectOf(request.path);
  const part = [...query.keys()].filter((name) => !harmless.test(name)).join('&');
  const operation = `${method} ${key === '' ? 'bucket' : 'object'}${part && `?${part}`}`;
  if (bucket === '')
    return { operation, needs: method === 'GET' ? [need('s3:ListAllMyBuckets', anything)] : undefined };
  if (key !== '') return { operation, needs: objectNeeds(request, part) };
  if (isMassDeletion(request)) return { operation, needs: deletions(bucket, request.body) };
  const action = onBucket[`${method} ${part}`];
  const context = { 's3:prefix': [query.get('prefix') ?? ''] };
  return { operation, needs: action === undefined ? undefined : [need(action, bucketArn(bucket), context)] };
}

/** Without this permission S3 does not admit that an object is not there: 403 instead of 404. */
export const mayKnowWhatIsThere = (path: string): Need =>
  need('s3:ListBucket', bucketArn(objectOf(path).bucket));

/** The emulator's answer says that there is no such object (the answer to HEAD has no body). */
export const objectMissing = (status: number, body: string): boolean =>
  status === 404 && (body === '' || body.includes('<Code>NoSuchKey</Code>'));

function objectNeeds({ method, path, headers }: ServiceRequest, part: string): Need[] | undefined {
  const action = onObject[`${method} ${part}`];
  if (action === undefined) return undefined;
  const needs = [need(action, objectArn(path))];
  const source = headers['x-amz-copy-source'];
  if (typeof source === 'string') needs.push(need('s3:GetObject', objectArn(source.replace(/^\/?/, '/'))));
  if (headers['x-amz-tagging'] !== undefined) needs.push(need('s3:PutObjectTagging', objectArn(path)));
  if (headers['x-amz-acl'] !== undefined) needs.push(need('s3:PutObjectAcl', objectArn(path)));
  return needs;
}

const deletions = (bucket: string, body: string): Need[] =>
  deletedKeys(body).map((key) => need('s3:DeleteObject', `${bucketArn(bucket)}/${key}`));

const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;

function objectArn(path: string): string {
  const { bucket, key } = objectOf(path);
  return `${bucketArn(bucket)}/${key}`;
}

function objectOf(path: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(path)) ?? [];
  return { bucket, key };
}
