import { MemoryAudit } from '../memory/memory-audit.ts';
import { MemoryJobStore } from '../memory/memory-job-store.ts';
import { MemorySeries } from '../memory/memory-series.ts';

/** No simulated job is an occurrence: series have a model of their own, `test/model/series.test.ts`. */
export const NO_SERIES = new MemorySeries(new MemoryJobStore(), new MemoryAudit());
