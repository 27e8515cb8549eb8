import type { Job } from '../../../shared/job/job.ts';
import type { Creator } from '../../../shared/service/create-job.ts';
import { rerunJob } from '../../../shared/service/rerun-job.ts';
import {
  cancelJob,
  deleteJob,
  pauseJob,
  postponeJob,
  rescheduleJob,
  resumeJob,
} from '../../../shared/service/verbs.ts';
import { ADMIN } from '../callers.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { Asked } from './happening.ts';
import type { World } from './world.ts';

type Request = (jobId: string, creator: Creator, until: string) => Promise<Job | undefined>;

const REQUESTS: Readonly<Record<Asked, Request>> = {
  cancel: (jobId, creator) => cancelJob(jobId, ADMIN, creator),
  pause: (jobId, creator) => pauseJob(jobId, ADMIN, creator),
  resume: (jobId, creator) => resumeJob(jobId, ADMIN, creator),
  postpone: (jobId, creator, until) => postponeJob(jobId, { until }, ADMIN, creator),
  reschedule: (jobId, creator, until) => rescheduleJob(jobId, { until }, ADMIN, creator),
  delete: (jobId, creator) => deleteJob(jobId, ADMIN, creator),
  'force-delete': (jobId, creator) => deleteJob(jobId, ADMIN, creator, { force: true }),
};

const OFTEN = [
  'cancel',
  'cancel',
  'pause',
  'pause',
  'resume',
  'resume',
  'postpone',
  'postpone',
  'reschedule',
  'delete',
  'force-delete',
  'rerun',
] as const;

const IN_A_ROW: readonly [readonly Asked[], ...(readonly Asked[])[]] = [
  ['postpone', 'cancel'],
  ['postpone', 'reschedule'],
  ['postpone', 'force-delete'],
  ['pause', 'resume'],
  ['pause', 'postpone'],
  ['postpone', 'pause'],
  ['pause', 'cancel'],
  ['cancel', 'force-delete'],
];

/** Jobs that there were, and those of them that are open. */
export interface Known {
  readonly jobs: readonly string[];
  readonly open: readonly string[];
}

/** Most ask for something that can still be done. */
const FOR_OPEN_ONES = 0.8;
const APART_MS = [10, 60, 4_000] as const;

/** People who ask for something, at any moment and of any job. */
export function startRequests(world: World, client: Client, jobs: Known): void {
  const { agenda, dice, profile } = world;
  for (let count = 0; count < profile.requests; ) {
    const size = dice.pick([1, 1, 2, 3]);
    count += size;
    agenda.after(dice.between(0, profile.spanMs + 20_000), () => {
      const jobId = someJob(dice, jobs);
      if (jobId === undefined) return;
      // People who do not know of each other, or one who changes his mind.
      const verbs = dice.chance(0.5)
        ? dice.pick(IN_A_ROW)
        : Array.from({ length: size }, () => dice.pick(OFTEN));
      let after = 0;
      for (const verb of verbs) {
        agenda.after(after, () => request(jobId, verb, world, client));
        after += dice.between(0, dice.pick(APART_MS));
      }
    });
  }
}

function someJob(dice: Dice, { jobs, open }: Known): string | undefined {
  if (!dice.chance(FOR_OPEN_ONES)) return dice.anyOf(jobs);
  // Of two the older one: more often than not it is the head of a line.
  const place = (): number => dice.between(0, open.length - 1);
  return open[Math.min(place(), place())];
}

function request(jobId: string, verb: Asked | 'rerun', world: World, client: Client): void {
  if (verb === 'rerun') void rerun(jobId, world, client);
  else void ask(jobId, verb, world, client);
}

export async function ask(jobId: string, verb: Asked, world: World, client: Client): Promise<void> {
  const { agenda, dice, profile } = world;
  const until = agenda.now + dice.pick(profile.dates);
  world.see({ kind: 'asked', jobId, verb, until });
  const answer = await client.call((creator) =>
    REQUESTS[verb](jobId, creator, new Date(until).toISOString()),
  );
  const seen = answer.is === 'done' ? { is: 'done' as const, job: answer.value } : answer;
  world.see({ kind: 'answered', jobId, verb, answer: seen });
}

async function rerun(jobId: string, world: World, client: Client): Promise<void> {
  const fromCheckpoint = world.dice.chance(0.5);
  const body = `rerun of ${jobId}`;
  const answer = await client.call((creator) => rerunJob(jobId, ADMIN, creator, { fromCheckpoint }));
  if (answer.is !== 'done') return;
  world.see({
    kind: 'created',
    order: { id: undefined, body },
    answer: { is: 'done', job: answer.value, isNew: true },
  });
}
