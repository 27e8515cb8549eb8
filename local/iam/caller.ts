import type { IncomingHttpHeaders } from 'node:http';

/** Who signed a request, and for which service. */
export interface Signer {
  readonly accessKey: string;
  readonly service: string;
  /** The signature stands in the address, which somebody else may have been given. */
  readonly isPresigned: boolean;
}

/**
 * The scope of a signature (version 4) is `<access key>/<date>/<region>/<service>/aws4_request`; it stands in the header
 * Authorization or, when the address itself is signed, in the query.
 */
export function signerOf(headers: IncomingHttpHeaders, query: URLSearchParams): Signer | undefined {
  const inHeader = /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const credential = inHeader ?? query.get('X-Amz-Credential');
  const [accessKey, , , service, end] = credential?.split('/') ?? [];
  return accessKey !== undefined && service !== undefined && end === 'aws4_request'
    ? { accessKey, service, isPresigned: inHeader === undefined }
    : undefined;
}
