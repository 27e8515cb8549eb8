import { gunzipSync, gzipSync } from 'node:zlib';
import type { Asset, Details } from '../assets/asset.ts';
import type { TextBlobs } from './s3-texts.ts';

/** DynamoDB items end at 400 KB; what is larger than this when packed lies in S3. */
export const MAX_PACKED_BYTES = 256 * 1024;

/** The attribute that holds an asset's details. */
type Stored = { readonly details: Uint8Array } | { readonly detailsBlob: string };

/** Many small strings that resemble each other: packed they take a tenth of the space, and of the write units. */
export async function stored(details: Details, asset: Asset, texts: TextBlobs): Promise<Stored> {
  const text = JSON.stringify(details);
  const bytes = gzipSync(text);
  if (bytes.length <= MAX_PACKED_BYTES) return { details: bytes };
  // One key per upload: a row never points at the details of another one.
  const detailsBlob = `asset-details/${asset.assetId}/${asset.uploadId}`;
  await texts.put(detailsBlob, text);
  return { detailsBlob };
}

export async function read(item: Record<string, unknown>, texts: TextBlobs): Promise<Details | undefined> {
  const { details, detailsBlob } = item;
  if (typeof detailsBlob === 'string') return parsed(await texts.get(detailsBlob));
  return details instanceof Uint8Array ? parsed(gunzipSync(details).toString()) : undefined;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `stored` wrote it
const parsed = (text: string): Details => JSON.parse(text) as Details;
