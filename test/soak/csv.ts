import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { batchWrite, WRITES_PER_CALL } from '../../shared/aws/batch-write.ts';
import { DynamoSeries } from '../../shared/aws/dynamo-series.ts';
import { itemOf } from '../../shared/aws/job-item.ts';
import { S3Exports } from '../../shared/aws/s3-exports.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import type { Job } from '../../shared/job/job.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { eachOf } from '../../shared/service/each-of.ts';
import { exportJobs, type JobsCsv, resumeExport } from '../../shared/service/jobs-csv/export-jobs.ts';
import { relationTo } from '../../shared/service/series/series.ts';
import { aPast, completedJobs } from '../support/a-past.ts';
import { aSeries } from '../support/a-series.ts';
import type { ApiClient } from '../support/api-client.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { createMany } from '../support/many-jobs.ts';
import { countingIds } from '../support/memory/counting-ids.ts';
import { countedTables } from '../support/units.ts';
import { watchMemory } from './watch-memory.ts';

const MANY = 20_000;
const PER_INSERT = 5_000;
const AT_ONCE = 16;
const SERIES = 20;
/** Of ten jobs, one has an input that lies in its details. */
const WITH_DETAILS = 10;
/** A process that held all jobs, or the whole file, would need more. The emulated S3, which does hold it, counts as well. */
const MOST_MB = 60;
/** The time of requests passes so much faster, so that the list takes several. */
const HASTE = 10;
const OWN_LINE = 'csv soak';

type Say = (text: string) => void;

/** A history of twenty thousand jobs as CSV: over HTTP, and on tables of its own, where units and memory are seen. */
export async function csvSoak(client: ApiClient, say: Say, many = MANY): Promise<string[]> {
  return [...(await overHttp(client, say, many)), ...(await inThisProcess(say, many))];
}

/** The API has 512 MB, and is ended where it takes more. */
async function overHttp(client: ApiClient, say: Say, many: number): Promise<string[]> {
  const order = { operation: 'diagnose', postponeUntil: '2099-01-01T00:00:00Z', dependencyToken: OWN_LINE };
  const orders = Array.from({ length: many }, (_, n) => ({ ...order, input: {}, name: `number ${n}` }));
  const created = await createMany(client, orders);
  say(`${created.length} jobs are created`);
  const began = performance.now();
  let path = `/jobs?dependencyToken=${encodeURIComponent(OWN_LINE)}`;
  for (let requests = 1; ; requests++) {
    const { status, headers } = await client.ask(path, 'text/csv');
    const location = headers.get('location') ?? '';
    if (status === 202) path = location;
    else if (status === 303) {
      const lines = await linesAt(location);
      say(`over HTTP: ${lines - 1} jobs in ${requests} requests, ${seconds(began)} s`);
      return lines === many + 1 ? [] : [`${lines} lines came over HTTP, not ${many + 1}`];
    } else return [`The list was answered with ${status}.`];
  }
}

async function inThisProcess(say: Say, many: number): Promise<string[]> {
  await using emulators = await startEmulators();
  const { tables, units } = countedTables();
  const service = await aHistory(Object.assign(emulators, { tables }), emulators, many);
  say(`${many} jobs are there`);
  Object.assign(units, { reads: 0, writes: 0 });
  units.calls.splice(0);
  const memory = watchMemory();
  const began = performance.now();
  let answer: JobsCsv = await exportJobs({}, OPERATOR, service);
  let requests = 1;
  for (; answer.url === undefined; requests++) answer = await resumeExport(answer, OPERATOR, service);
  const lines = await linesAt(answer.url);
  const grown = memory.grown();
  say(
    `${lines - 1} jobs in ${requests} requests that were cut short, ${seconds(began)} s; memory ${grown} MB more`,
  );
  say(
    `${(units.reads / many).toFixed(2)} read units a job, ${units.writes} write units, ${units.calls.length} calls`,
  );
  return [
    ...(lines === many + 1 ? [] : [`${lines} lines, not ${many + 1}`]),
    ...(requests > 1 ? [] : ['The list was made by one request: nothing went on.']),
    ...(grown <= MOST_MB ? [] : [`memory grew by ${grown} MB`]),
  ];
}

/** Jobs that are over, every other one an occurrence of one of some series. */
async function aHistory(counted: Emulators, { buckets, bucket }: Emulators, many: number) {
  const { names, ...past } = await aPast(counted);
  const config = {
    jobsTable: names.jobs,
    chainsTable: names.chains,
    jobDetailsTable: names.jobDetails,
    shards: 8,
  };
  const series = new DynamoSeries(
    counted.tables,
    { ...config, seriesTable: names.series },
    new Timeline(counted.tables, config),
  );
  const newId = countingIds();
  const seriesIds = Array.from({ length: SERIES }, () => newId());
  for (const seriesId of seriesIds) await series.commit({ series: aSeries({ seriesId }) });
  for (let from = 0; from < many; from += PER_INSERT) {
    const jobs = someJobs(from, Math.min(PER_INSERT, many - from), seriesIds);
    // One row makes its day known; the others need no conditions.
    const [first] = jobs;
    if (first !== undefined) await past.jobs.insertAll([first]);
    const puts = jobs.slice(1).map((job) => ({ PutRequest: { Item: itemOf(job, config) } }));
    const calls = Array.from({ length: Math.ceil(puts.length / WRITES_PER_CALL) }, (_, call) =>
      puts.slice(call * WRITES_PER_CALL, (call + 1) * WRITES_PER_CALL),
    );
    await eachOf(calls, AT_ONCE, (call) => batchWrite(counted.tables, names.jobs, call));
    const large = jobs.filter(({ input }) => input === undefined);
    await eachOf(large, AT_ONCE, (job) => past.details.putInput(job, { text: 'x'.repeat(1_000) }));
  }
  const began = Date.now();
  const clock = () => began + (Date.now() - began) * HASTE;
  const exports = new S3Exports(buckets, bucket, Date.now);
  return { ...past, series, exports, clock, newId, operations: OPERATIONS };
}

function someJobs(from: number, count: number, seriesIds: readonly string[]): Job[] {
  return completedJobs(count, 1 + from / PER_INSERT).map((job, n) => {
    const seriesId = seriesIds[n % (2 * SERIES)];
    const { input: _short, ...large } = job;
    const row = n % WITH_DETAILS === 0 ? large : job;
    return seriesId === undefined ? row : { ...row, relatedTo: relationTo(seriesId) };
  });
}

async function linesAt(url: string): Promise<number> {
  const { body } = await fetch(url);
  if (body === null) throw new Error('The file is empty.');
  let lines = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(body) })) lines += line === '' ? 0 : 1;
  return lines;
}

const seconds = (began: number): string => ((performance.now() - began) / 1_000).toFixed(1);
