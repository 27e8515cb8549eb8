import { Inspector } from '../assets/inspect/inspector.ts';
import { knownPaths } from '../assets/known-paths.ts';
import type { AssetStore, Blobs } from '../assets/ports.ts';
import type { Processed, Processing } from '../assets/process-asset.ts';
import type { Tally } from '../assets/tally.ts';
import type { RunContext } from '../service/operation.ts';

/** What the operations that process assets have in common. */

export interface AssetRepositories {
  readonly assets: AssetStore;
  readonly blobs: Blobs;
  /** The script of the thread in which files are parsed. */
  readonly inspectorScript: URL;
}

/** Assets under work at once: reading, parsing and writing of several overlap. */
export const ASSETS_AT_ONCE = 16;

/** What it takes to process assets in a run of a job. To be closed: it has a thread. */
export function openProcessing({
  repositories,
  jobId,
  signal,
  clock,
}: Pick<RunContext<AssetRepositories>, 'repositories' | 'jobId' | 'signal' | 'clock'>) {
  const inspector = new Inspector({ workerUrl: repositories.inspectorScript });
  const processing: Processing = {
    ...repositories,
    exists: knownPaths(repositories.assets),
    inspect: (name, bytes) => inspector.inspect(name, bytes, signal),
    by: jobId,
    now: () => new Date(clock()).toISOString(),
  };
  return { processing, close: () => inspector.close() };
}

/** A line for each file with which something is wrong: those that are fine are many. */
export function sayFault({ path, status, failure }: Processed, log: RunContext<never>['log']): void {
  if (status === 'failed')
    log(`Failed: ${failure?.reason ?? 'no reason is known'}`, { level: 'error', item: path });
  else if (status === 'missing') log('The announced file never arrived.', { level: 'warn', item: path });
}

/** Files may have come since they were counted. */
export const stepOf = <C extends { readonly total: number; readonly tally: Tally }>(cursor: C) => ({
  done: cursor.tally.files,
  total: Math.max(cursor.total, cursor.tally.files),
  cursor,
});

export function summed({ files, processed, failed, missing, references }: Tally): string {
  const parts = [
    `${processed} of ${files} files are processed`,
    failed > 0 && `${failed} failed`,
    missing > 0 && `${missing} never arrived`,
    references.broken > 0 && `${references.broken} references lead to nothing`,
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}
