import { DatabaseSync } from 'node:sqlite';

/**
 * Each write of a table with a stream looks for the highest sequence number, and each look at the stream for those above one.
 * dynoxide has no index for either, and keeps every record: it would go through all writes that ever were, at each of them. One
 * index serves both, for its tables have one shard each; a second one, which there once was, only made each write longer.
 */
const INDEXES = `
  DROP INDEX IF EXISTS longhaul_stream_reads;
  CREATE INDEX IF NOT EXISTS longhaul_stream_ends
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
`;

/** It writes, too. */
const PATIENCE_MS = 5_000;

/** Gives the file of a running dynoxide the indexes that it lacks. A file of another form is left as it is, and only slower. */
export function indexStreams(databaseFile: string, log: (text: string) => void): void {
  try {
    const database = new DatabaseSync(databaseFile, { timeout: PATIENCE_MS });
    try {
      database.exec(INDEXES);
    } finally {
      database.close();
    }
  } catch (error) {
    log(`the streams of ${databaseFile} stay without an index: ${String(error)}\n`);
  }
}
