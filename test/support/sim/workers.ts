import type { Lane } from '../../../shared/job/lane.ts';
import { sequenceMaker } from '../../../shared/job/sequence.ts';
import { invocationOf } from '../../../shared/lambda/lane.ts';
import { answerRing } from '../../../shared/service/answer-ring.ts';
import { wakeJob } from '../../../shared/service/wake-job.ts';
import { nothingToSend } from '../nothing-to-send.ts';
import { overdueIn } from '../overdue.ts';
import { type Handle, type Invoked, startConsumer } from './consumer.ts';
import type { Host } from './host.ts';
import type { Mutation } from './mutation.ts';
import type { Ports } from './ports.ts';
import { LIMIT_MS } from './profile.ts';
import type { Stage } from './workload.ts';
import { OPERATIONS, type World } from './world.ts';

const TIMERS_LIMIT_MS = 10_000;

/** The Lambda functions behind the queues: the lanes, and the timers. */
export function startWorkers(world: World, mutation: Mutation): void {
  const { timers } = world.services;
  startLane(world, mutation, 'standard', { batch: 10 });
  startLane(world, mutation, 'bulk', { batch: 1 });
  const handle: Handle = ({ ring, at = 0 }, { host }) =>
    wakeJob({ ...ring, at }, world.portsOf(host, { role: 'timers' }));
  const rules = { name: 'timers', batch: 10, limitMs: TIMERS_LIMIT_MS, atOnce: 2, handle };
  startConsumer(timers, rules, around(world));
}

function startLane(world: World, mutation: Mutation, lane: Lane, { batch }: { batch: number }): void {
  const atOnce = world.dice.between(2, 3);
  const workersOf = new Map<Host, ReturnType<typeof workerOf>>();
  const handle: Handle = ({ ring }, invoked) => {
    const worker = workersOf.get(invoked.host) ?? workerOf(invoked.host, lane, world);
    workersOf.set(invoked.host, worker);
    return answerRing(ring, worker, timeOf(invoked, worker, lane, world, mutation));
  };
  const rules = { name: lane, batch, limitMs: LIMIT_MS[lane], atOnce, handle };
  startConsumer(world.services.lanes[lane], rules, around(world));
}

function timeOf({ killedAt }: Invoked, { clock }: Ports, lane: Lane, { agenda }: World, mutation: Mutation) {
  const now = clock();
  const invocation = invocationOf(lane, { now, left: killedAt - agenda.now });
  return mutation.invocation?.(invocation, now) ?? invocation;
}

const around = (world: World) => ({
  agenda: world.agenda,
  dice: world.dice,
  faults: () => world.faultsOf('worker'),
  standsUntil: () => world.standsUntil,
  newHost: (name: string, onDeath: () => void) => world.newHost(name, onDeath),
  tell: world.tell,
  leftBehind: (host: string, what: string) => world.see({ kind: 'left-behind', host, what }, host),
});

function workerOf(host: Host, lane: Lane, world: World) {
  const { dice, newId, see, tell } = world;
  const ports = world.portsOf(host, { role: 'worker', lane });
  const mender = { ...ports, operations: OPERATIONS };
  const repositories: Stage = {
    host,
    lane,
    dice,
    alarm: ports.alarm,
    mender,
    ...overdueIn(mender),
    postman: nothingToSend(),
    began: (run) => see({ kind: 'began', run }, host.name),
    did: (run, step) => see({ kind: 'effect', run, step }, host.name),
    ended: (run) => see({ kind: 'ended', run }, host.name),
    gave: (jobId, { token, deadline }) => see({ kind: 'token', jobId, token, deadline }, host.name),
    heard: (token, event) => see({ kind: 'heard', token, event }, host.name),
    told: (jobId) => see({ kind: 'told', jobId }, host.name),
    isEnding: () => world.isEnding,
  };
  return {
    ...ports,
    maxLogLines: async () => 100_000,
    newId,
    newSecret: () => `secret-${newId()}`,
    random: dice.next,
    nextSequence: sequenceMaker(ports.clock, dice.next),
    inputs: { get: () => Promise.reject(new Error('Nothing was uploaded.')) },
    operations: OPERATIONS,
    repositories,
    log: (text: string) => tell(host.name, text),
  };
}
