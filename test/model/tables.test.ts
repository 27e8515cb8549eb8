import { describe } from '@jest/globals';
import { chainsSuite, type JobsInLine } from '../contract/suites/chains.ts';
import { dueSuite } from '../contract/suites/due.ts';
import { jobStoreSuite } from '../contract/suites/job-store.ts';
import { lineSuite } from '../contract/suites/line.ts';
import { type Stores, seriesSuite } from '../contract/suites/series.ts';
import { MemoryAudit } from '../support/memory/memory-audit.ts';
import { SimTables } from '../support/sim/tables.ts';

/** Tables without a wire: what is written is seen at once. */
function promptTables(): JobsInLine & Stores {
  const audit = new MemoryAudit();
  const tables = new SimTables({
    now: () => 0,
    spread: () => 0,
    lag: () => 0,
    committed: ({ noted, rows }) => {
      const job = rows[0]?.before;
      if (noted !== undefined && job !== undefined) audit.write(job, noted);
    },
  });
  const { series } = tables;
  return {
    audit,
    series: {
      get: async (seriesId) => series.get(seriesId),
      getAll: async (seriesIds) => [...new Set(seriesIds)].flatMap((id) => series.getLagging(id) ?? []),
      list: () => Promise.reject(new Error('Nobody lists them.')),
      occurrences: () => Promise.reject(new Error('Nobody lists them.')),
      commit: async (change) => series.commit(change),
    },
    jobs: {
      insert: async (job) => tables.insert(job),
      insertAll: async (jobs) => {
        for (const job of jobs) tables.insert(job);
        return new Set(jobs.map(({ jobId }) => jobId));
      },
      get: async (jobId) => tables.get(jobId),
      getAll: async (jobIds) => jobIds.flatMap((jobId) => tables.get(jobId) ?? []),
      make: async (step) => tables.make(step),
      remove: async (step) => tables.remove(step),
      due: async (query) => tables.due(query),
      timeline: () => Promise.reject(new Error('There is none.')),
    },
    chains: {
      append: async (entries, watchAt) => tables.append(entries, watchAt),
      head: async (token) => tables.head(token),
      line: async (token, part) => tables.line(token, part),
      tail: async (token) => tables.tail(token),
      watched: async (query) => tables.watched(query),
      watch: async (seen, change) => tables.watch(seen, change),
      removeOrphan: async (link) => tables.removeOrphan(link),
    },
  };
}

describe('the simulated tables do what every store must do', () => {
  jobStoreSuite(async () => promptTables().jobs);
  chainsSuite(async () => promptTables());
  lineSuite(async () => promptTables());
  dueSuite(async () => promptTables().jobs);
  seriesSuite(async () => promptTables());
});
