import { purge } from '../shared/operations/purge.ts';
import { DEFAULT_RETENTION } from '../shared/service/retention.ts';
import { drive } from './drive.ts';
import type { CountedStores } from './stores.ts';

/** One purge over these stores. What it needs of them is given to it here. */
export const purgeOnce = (stores: CountedStores) =>
  drive(purge, { purger: { ...stores, retention: async () => DEFAULT_RETENTION } });
