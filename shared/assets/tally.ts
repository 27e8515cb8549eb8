import * as z from 'zod';
import type { Processed } from './process-asset.ts';

/** How many examples a report carries; the rest is on the assets themselves. */
const MAX_EXAMPLES = 50;
const MAX_REASON = 300;

const count = z.number().int().min(0);

/** What a run over many assets has found so far: small, for it travels with each checkpoint. */
export const Tally = z.object({
  files: count,
  bytes: count,
  processed: count,
  failed: count,
  missing: count,
  superseded: count,
  byKind: z.record(z.string(), z.object({ files: count, bytes: count })),
  references: z.object({
    internal: count,
    broken: count,
    external: count,
    sameFile: count,
    keys: count,
    conrefs: count,
  }),
  failures: z.array(z.object({ path: z.string(), code: z.string(), reason: z.string() })),
  missingFiles: z.array(z.string()),
  brokenReferences: z.array(z.object({ path: z.string(), target: z.string() })),
});
export type Tally = z.infer<typeof Tally>;

export const emptyTally = (): Tally => ({
  files: 0,
  bytes: 0,
  processed: 0,
  failed: 0,
  missing: 0,
  superseded: 0,
  byKind: {},
  references: { internal: 0, broken: 0, external: 0, sameFile: 0, keys: 0, conrefs: 0 },
  failures: [],
  missingFiles: [],
  brokenReferences: [],
});

/** The tally with one more asset. */
export function withAsset(tally: Tally, asset: Processed): Tally {
  const { path, status, summary, failure } = asset;
  const kind = summary?.fileKind;
  const ofKind = kind === undefined ? undefined : tally.byKind[kind];
  return {
    ...tally,
    files: tally.files + 1,
    bytes: tally.bytes + (summary?.size ?? 0),
    [status]: tally[status] + 1,
    byKind:
      summary === undefined || kind === undefined
        ? tally.byKind
        : {
            ...tally.byKind,
            [kind]: { files: (ofKind?.files ?? 0) + 1, bytes: (ofKind?.bytes ?? 0) + summary.size },
          },
    references: sumOf(tally.references, summary?.references),
    failures: failure
      ? examples(tally.failures, [{ path, code: failure.code, reason: failure.reason.slice(0, MAX_REASON) }])
      : tally.failures,
    missingFiles: status === 'missing' ? examples(tally.missingFiles, [path]) : tally.missingFiles,
    brokenReferences: examples(
      tally.brokenReferences,
      asset.broken.map((target) => ({ path, target: target.slice(0, MAX_REASON) })),
    ),
  };
}

const examples = <T>(kept: T[], more: readonly T[]): T[] =>
  kept.length >= MAX_EXAMPLES ? kept : [...kept, ...more].slice(0, MAX_EXAMPLES);

function sumOf(sum: Tally['references'], more: Tally['references'] | undefined): Tally['references'] {
  if (more === undefined) return sum;
  return {
    internal: sum.internal + more.internal,
    broken: sum.broken + more.broken,
    external: sum.external + more.external,
    sameFile: sum.sameFile + more.sameFile,
    keys: sum.keys + more.keys,
    conrefs: sum.conrefs + more.conrefs,
  };
}
