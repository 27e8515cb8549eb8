import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { DynamoJobPages } from '../../shared/aws/dynamo-job-pages.ts';
import { S3Exports } from '../../shared/aws/s3-exports.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { systemAlarm } from '../../shared/lambda/alarm.ts';
import { type DiagnoseRepositories, diagnose } from '../../shared/operations/diagnose.ts';
import { answerRing } from '../../shared/service/answer-ring.ts';
import { createJob } from '../../shared/service/create-job.ts';
import { downloadLog, type LogDownload } from '../../shared/service/download-log.ts';
import { readLog } from '../../shared/service/read-log.ts';
import { anInvocation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { serviceOn } from '../support/on-emulators.ts';
import { countedTables } from '../support/units.ts';
import { watchMemory } from './watch-memory.ts';

const MANY = 1_000_000;
const STEPS = 10_000;
/** A process that held the lines of a million would need several times as much. */
const MOST_MB = 60;
/** The emulated S3 lives in this process, and joins the parts of the file in memory. */
const MOST_MB_DOWNLOADING = 250;
const NONE_LEFT_OUT = 10_000_000;
const LOOK_EVERY_MS = 200;
/** The engine's own. */
const BEGIN_AND_END = 2;

/** A million lines are written, followed while they are, and downloaded, and memory stays as it was. */
export async function logSoak(say: (text: string) => void, lines = MANY): Promise<string[]> {
  await using emulators = await startEmulators();
  const { tables, units } = countedTables();
  const service = await aService(Object.assign(emulators, { tables }), emulators);
  const { job } = await createJob(
    { operation: 'diagnose', input: { steps: STEPS, logLines: lines, lane: 'bulk' } },
    OPERATOR,
    service,
  );
  const memory = watchMemory();
  const request = { jobId: job.jobId };
  Object.assign(units, { reads: 0, writes: 0 });
  const began = performance.now();
  const seconds = (): string => ((performance.now() - began) / 1_000).toFixed(1);
  const [followed] = await Promise.all([follow(request, service), runToEnd(service)]);
  say(`${followed} lines are written and followed after ${seconds()} s`);
  say(
    `${(units.writes / (lines / 1_000)).toFixed(2)} write units for 1,000 lines; memory ${memory.grown()} MB more`,
  );
  const grownByWriting = memory.grown();
  const downloaded = await download(request, service);
  say(`${downloaded} lines are downloaded after ${seconds()} s; memory ${memory.grown()} MB more at most`);
  const wanted = lines + BEGIN_AND_END;
  return [
    ...(followed === wanted ? [] : [`${followed} lines were followed, not ${wanted}`]),
    ...(downloaded === wanted ? [] : [`${downloaded} lines were downloaded, not ${wanted}`]),
    ...(grownByWriting <= MOST_MB ? [] : [`memory grew by ${grownByWriting} MB while lines were written`]),
    ...(memory.grown() <= MOST_MB_DOWNLOADING ? [] : [`memory grew by ${memory.grown()} MB`]),
  ];
}

async function aService(counted: Emulators, { buckets, bucket }: Emulators) {
  const names = await counted.freshTables();
  const stores = await serviceOn({ ...counted, freshTables: async () => names });
  const pages = new DynamoJobPages(counted.tables, names.jobDetails, s3Texts(buckets, bucket));
  const repositories: DiagnoseRepositories = { crash: () => process.exit(1) };
  return {
    ...stores,
    pages,
    exports: new S3Exports(buckets, bucket, Date.now),
    clock: Object.assign(Date.now, stores.clock),
    alarm: systemAlarm,
    operations: new Map([[diagnose.name, diagnose]]),
    repositories,
    maxLogLines: async () => NONE_LEFT_OUT,
    log: () => {},
  };
}

type SoakService = Awaited<ReturnType<typeof aService>>;

async function runToEnd(service: SoakService): Promise<void> {
  for (let ring = service.doorbell.rings.shift(); ring !== undefined; ring = service.doorbell.rings.shift())
    await answerRing(ring, service, anInvocation({ clock: service.clock }, { sliceMs: 20_000 }));
}

/** How many lines came, each after the one before. */
async function follow(params: { jobId: string }, service: SoakService): Promise<number> {
  for (let after = 0, seen = 0; ; ) {
    const page = await readLog({ params, query: { after: String(after), limit: '1000' } }, service);
    seen += page.items.length;
    if (page.next !== after + page.items.length) throw new Error(`A line is missing after ${after}.`);
    after = page.next;
    if (page.isComplete) return seen;
    if (page.items.length === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function download(params: { jobId: string }, service: SoakService): Promise<number> {
  let got: LogDownload = await downloadLog(params, service);
  while (got.url === undefined && got.text === undefined) got = await downloadLog(params, service);
  const { body } = await fetch(got.url ?? `data:text/plain,${encodeURIComponent(got.text ?? '')}`);
  if (body === null) throw new Error('The download is empty.');
  let lines = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(body) })) lines += line === '' ? 0 : 1;
  return lines;
}
