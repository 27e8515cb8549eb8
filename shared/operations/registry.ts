import type { Operation, Operations } from '../service/operation.ts';
import { type DiagnoseRepositories, diagnose } from './diagnose.ts';
import { type AssetRepositories, processAssets } from './process-assets.ts';
import { type PurgeRepositories, purge } from './purge.ts';
import { reprocess, type ScanRepositories } from './reprocess.ts';

/** Everything that some operation needs. */
export type Repositories = AssetRepositories & ScanRepositories & DiagnoseRepositories & PurgeRepositories;

const ALL: readonly Operation<Repositories>[] = [processAssets, diagnose, reprocess, purge];

/** The operations of this deployment, by name: validation, documentation and lanes follow from this list. */
export const OPERATIONS: Operations<Repositories> = new Map(
  ALL.map((operation) => [operation.name, operation]),
);
