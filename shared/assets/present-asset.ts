import type { Details, Entry } from './asset.ts';
import { nameOf } from './path.ts';

/** A folder or asset as clients see it; its summary's facts stand beside the others. */
export function presentAsset({ entry, details }: { entry: Entry; details?: Details }): object {
  if (entry.kind === 'folder') return { ...entry, name: nameOf(entry.path) };
  const { summary, uploadId: _inner, ...asset } = entry;
  const { ids, references, areCut } = details ?? {};
  return {
    ...asset,
    name: nameOf(asset.path),
    ...summary,
    ...(ids && { ids }),
    // The counts of a list make way for the references themselves.
    ...(references && { references, referenceCounts: summary?.references }),
    ...(areCut && { detailsAreCut: true }),
  };
}
