import { type Inspection, unknownMediaType } from './inspection.ts';
import { readText } from './read-text.ts';
import { recogniseText } from './recognise-text.ts';

/** Kind and type by the beginning alone and without any library: of a file that brought the worker down. */
export function glance(name: string, bytes: Uint8Array): Pick<Inspection, 'kind' | 'mediaType'> {
  const decoded = readText(bytes, true);
  if ('problem' in decoded) return { kind: 'other', mediaType: unknownMediaType };
  const { kind, mediaType } = recogniseText(name, decoded.text);
  return { kind, mediaType };
}
