import { randomUUID } from 'node:crypto';
import type { ServiceClient, ShownJob } from '../service-client.ts';
import { Guide } from './guide.ts';
import { saveCsv } from './save-csv.ts';
import { showInbox } from './show-inbox.ts';
import { tailLog } from './tail-log.ts';
import { cameTo, inShort, isShownAs, watch } from './watch.ts';

interface Explained {
  readonly text: string;
  readonly freedBy: readonly { verb: string; jobId: string; mayYou: boolean }[];
}

interface Audit {
  readonly items: readonly { verb: string; by: string; byName?: string; reason?: string }[];
}

const POSTPONED_MS = 4_000;

/** What can be done with a job while it waits and while it runs, by two jobs that do nothing, step by step. */
export async function tour(client: ServiceClient, say: (line?: string) => void, csv: string): Promise<void> {
  const guide = new Guide(client, say);
  const token = `tour-${randomUUID().slice(0, 8)}`;
  const first = await orderFirst(token, guide);
  await postpone(first, guide);
  await pauseInBetween(first, guide);
  const second = await waitBehind(token, guide);
  await resume(first, guide);
  await cancel(second, guide);
  await tellAll(first, guide);
  guide.step(
    'The inbox',
    'Whoever owns a job hears of its end: here, and by mail where that is switched on.',
  );
  await showInbox(second.jobId, guide);
  guide.step('The history as a spreadsheet', 'The same list, filtered in the same way, as CSV of any size.');
  await saveCsv(token, csv, guide);
}

async function orderFirst(dependencyToken: string, guide: Guide): Promise<ShownJob> {
  guide.step(
    'Order a job',
    'The answer comes at once, the work later: a hundred steps of a tenth of a second, in slices that',
    'survive crashes. Jobs with the same dependency token run one at a time, in order.',
  );
  return guide.post('/jobs', diagnose('The first of the tour', dependencyToken), shortWithId);
}

const diagnose = (name: string, dependencyToken: string): object => ({
  operation: 'diagnose',
  name,
  dependencyToken,
  input: { steps: 100, stepMs: 100, logLines: 20 },
});

const shortWithId = (job: ShownJob): string => `${inShort(job)}, job ${job.jobId}`;

async function postpone(job: ShownJob, guide: Guide): Promise<void> {
  guide.step(
    'Postpone it in the middle of its run',
    'It stops at its next step, keeps how far it has come, and goes on by itself when its date has come.',
  );
  await watch(job, cameTo(10), guide);
  const until = Date.now() + POSTPONED_MS;
  const order = { until: new Date(until).toISOString(), reason: 'Not now' };
  await guide.post(`/jobs/${job.jobId}/postpone`, order, inShort);
  // On a slow machine the date may have come before the step is over.
  const hasStopped = (now: ShownJob): boolean => now.shownAs === 'Scheduled' || Date.now() > until;
  guide.answer(inShort(await watch(job, hasStopped, guide)));
}

async function pauseInBetween(job: ShownJob, guide: Guide): Promise<void> {
  guide.step('Pause it', 'The same without a date: it waits until somebody resumes it.');
  await watch(job, cameTo(40), guide);
  await guide.post(`/jobs/${job.jobId}/pause`, { reason: 'A look at the results first' }, inShort);
  guide.answer(inShort(await watch(job, isShownAs('Paused'), guide)));
}

async function waitBehind(token: string, guide: Guide): Promise<ShownJob> {
  guide.step('Ask why a job does not run', 'A second job of the same token waits behind the paused one.');
  const second = await guide.post<ShownJob>('/jobs', diagnose('The second of the tour', token), shortWithId);
  const { freedBy } = await guide.get<Explained>(`/jobs/${second.jobId}/explain`, ({ text }) => text);
  for (const { verb, jobId, mayYou } of freedBy) {
    guide.answer(`freed by: ${verb} of ${jobId}${mayYou ? ', which you may do' : ''}`);
  }
  return second;
}

async function resume(job: ShownJob, guide: Guide): Promise<void> {
  guide.step('Resume it, and follow its log', 'Each line says about how long the job still takes.');
  await guide.post(`/jobs/${job.jobId}/resume`, {}, inShort);
  await tailLog(job.jobId, guide);
}

async function cancel(job: ShownJob, guide: Guide): Promise<void> {
  guide.step('Cancel the second one', 'It has begun by itself when the first was over; now it is stopped.');
  await watch(job, cameTo(20), guide);
  await guide.post(`/jobs/${job.jobId}/cancel`, { reason: 'Not needed any more' }, inShort);
  guide.answer(inShort(await watch(job, isShownAs('Stopped'), guide)));
}

async function tellAll({ jobId }: ShownJob, guide: Guide): Promise<void> {
  guide.step('Who did what', 'Every step of the first job: who made it, and why.');
  const { items } = await guide.get<Audit>(
    `/jobs/${jobId}/audit`,
    (audit) => `${audit.items.length} entries`,
  );
  for (const { verb, by, byName = by, reason } of items.toReversed()) {
    guide.answer(`${verb} by ${byName}${reason === undefined ? '' : `: ${reason}`}`);
  }
}
