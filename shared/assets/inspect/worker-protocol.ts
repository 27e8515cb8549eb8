import type { Inspection } from './inspection.ts';

export type InspectionRequest = { readonly name: string; readonly bytes: Uint8Array };

/** What a worker says first. Until then its time does not count, and what goes wrong is no fault of a file. */
export const ready = 'ready';

/** The worker is our own code, so this only catches an answer that belongs to something else. */
export function isInspectionOf(bytes: Uint8Array, answer: unknown): answer is Inspection {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'sha256' in answer &&
    'size' in answer &&
    answer.size === bytes.length
  );
}
