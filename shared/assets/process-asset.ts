import type { Asset, Details, Failure, Summary } from './asset.ts';
import type { Inspection } from './inspect/inspection.ts';
import { type Inspect, inspectBlob } from './inspect-blob.ts';
import { nameOf } from './path.ts';
import type { AssetStore, Blobs, RecordedFacts } from './ports.ts';
import { countReferences, type Exists, resolveAll } from './references.ts';

export interface Processing {
  readonly assets: AssetStore;
  readonly blobs: Blobs;
  readonly inspect: Inspect;
  readonly exists: Exists;
  /** The job that does it. */
  readonly by: string;
  readonly now: () => string;
}

/** What processing one asset came to. */
export interface Processed {
  readonly path: string;
  /** `superseded`: announced anew while it was being read; whoever announced it will have it processed. */
  readonly status: 'processed' | 'failed' | 'missing' | 'superseded';
  readonly summary?: Summary;
  readonly failure?: Failure;
  /** Targets of local references that lead to nothing. */
  readonly broken: readonly string[];
}

/** Works out the facts of one asset and writes them on it. Safe to do again. */
export async function processAsset(asset: Asset, processing: Processing): Promise<Processed> {
  const blob = await processing.blobs.open(asset.assetId);
  if (blob === undefined || blob.uploadId !== asset.uploadId) {
    blob?.discard();
    return written(asset, { status: 'missing' }, processing);
  }
  const inspection = await inspectBlob(nameOf(asset.path), blob, processing.inspect);
  const details = await detailsOf(asset.path, inspection, processing.exists);
  const { failure } = inspection;
  const summary = summaryOf(inspection, details);
  const kept = details && withinAnswer(details);
  const status = failure === undefined ? 'processed' : 'failed';
  return written(
    asset,
    { status, summary, ...(failure && { failure }), ...(kept && { details: kept }) },
    processing,
  );
}

async function detailsOf(
  path: string,
  { document }: Inspection,
  exists: Exists,
): Promise<Details | undefined> {
  if (document === undefined) return undefined;
  return { ids: document.ids, references: await resolveAll(path, document.references, exists) };
}

function summaryOf(inspection: Inspection, details: Details | undefined): Summary {
  const { size, sha256, mediaType, kind, encoding, document, dimensions } = inspection;
  const { title, wellFormed, firstFault, keyDefinitions } = document ?? {};
  return {
    size,
    sha256,
    mediaType,
    fileKind: kind,
    ...(encoding !== undefined && { encoding }),
    ...(title !== undefined && { title }),
    ...(wellFormed !== undefined && { wellFormed }),
    ...(firstFault !== undefined && { firstFault }),
    ...(dimensions !== undefined && { dimensions }),
    ...(keyDefinitions !== undefined && { keyDefinitions }),
    ...(details !== undefined && {
      idCount: details.ids.length,
      references: countReferences(details.references),
    }),
  };
}

async function written(
  asset: Asset,
  facts: Omit<RecordedFacts, 'processedBy' | 'processedOn'> & { status: 'processed' | 'failed' | 'missing' },
  { assets, by, now }: Processing,
): Promise<Processed> {
  const stands = await assets.record(asset, { ...facts, processedBy: by, processedOn: now() });
  const { summary, failure, details } = facts;
  return {
    path: asset.path,
    status: stands ? facts.status : 'superseded',
    ...(summary && { summary }),
    ...(failure && { failure }),
    broken: (details?.references ?? []).flatMap(({ broken, target }) => (broken ? [target] : [])),
  };
}

/** Lambda answers with 6 MB at most: as many details as fit well into one answer. */
const MAX_DETAIL_BYTES = 2 * 1024 * 1024;

function withinAnswer({ ids, references }: Details): Details {
  let left = MAX_DETAIL_BYTES;
  const fits = (fact: unknown): boolean => {
    left -= JSON.stringify(fact).length;
    return left >= 0;
  };
  const kept = { references: references.filter(fits), ids: ids.filter(fits) };
  const areAll = kept.ids.length === ids.length && kept.references.length === references.length;
  return areAll ? kept : { ...kept, areCut: true };
}
