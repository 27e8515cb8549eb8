import type { Operation, Operations } from '../service/operation.ts';
import type { AssetRepositories } from './asset-processing.ts';
import type { BulkRepositories } from './bulk/bulk-operation.ts';
import { BULK_OPERATIONS } from './bulk/bulk-operations.ts';
import { type DiagnoseRepositories, diagnose } from './diagnose.ts';
import { type FunctionRepositories, invokeFunction } from './invoke-function.ts';
import { processAssets } from './process-assets.ts';
import { processOverdue } from './process-overdue.ts';
import { type PurgeRepositories, purge } from './purge.ts';
import { reprocess, type ScanRepositories } from './reprocess.ts';

/** Everything that some operation needs. */
export type Repositories = AssetRepositories &
  ScanRepositories &
  DiagnoseRepositories &
  PurgeRepositories &
  FunctionRepositories &
  BulkRepositories;

const ALL: readonly Operation<Repositories>[] = [
  processAssets,
  diagnose,
  invokeFunction,
  reprocess,
  purge,
  processOverdue,
  ...BULK_OPERATIONS,
];

/** The operations of this deployment, by name: validation, documentation and lanes follow from this list. */
export const OPERATIONS: Operations<Repositories> = new Map(
  ALL.map((operation) => [operation.name, operation]),
);
