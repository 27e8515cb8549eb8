import { createHash } from 'node:crypto';
import type { DocumentFacts, Inspection } from '../../shared/assets/inspect/inspection.ts';

/** What a look into a Markdown file finds, if nothing else is said. */
export const anInspection = (facts: Partial<Inspection> = {}): Inspection => ({
  size: 5,
  sha256: createHash('sha256').update('# Top').digest('hex'),
  mediaType: 'text/markdown',
  kind: 'markdown',
  ...facts,
});

export const aDocument = (facts: Partial<DocumentFacts> = {}): DocumentFacts => ({
  ids: [],
  references: [],
  keyDefinitions: 0,
  ...facts,
});
