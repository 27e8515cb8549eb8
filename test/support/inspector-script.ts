import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Inspection } from '../../shared/assets/inspect/inspection.ts';
import { type InspectionRequest, ready } from '../../shared/assets/inspect/worker-protocol.ts';
import { aDocument } from './inspections.ts';

/**
 * Stands in for the thread in which files are parsed, in tests of what happens around it: it starts at once, and
 * takes every file for a text and its content for its title. A file that says `stuck` is never answered.
 */
const port = parentPort;
if (port === null) throw new Error('This script is started as a worker thread.');

port.on('message', ({ bytes }: InspectionRequest) => {
  const text = Buffer.from(bytes).toString();
  if (text !== 'stuck') port.postMessage(inspectionOf(text));
});
port.postMessage(ready);

const inspectionOf = (text: string): Inspection => ({
  size: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
  mediaType: 'text/plain',
  kind: 'text',
  document: aDocument({ title: text, references: referencesIn(text) }),
  ...(text.startsWith('broken') && { failure: { code: 'not-well-formed', reason: text } }),
});

/** Every `→ target` of the text. */
const referencesIn = (text: string) =>
  [...text.matchAll(/→ (\S+)/g)].map(
    ([, target = ''], line) => ({ kind: 'link', target, scope: 'local', line }) as const,
  );
