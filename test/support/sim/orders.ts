import { createJob } from '../../../shared/service/create-job.ts';
import { createJobs } from '../../../shared/service/create-jobs.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { OPERATOR } from '../callers.ts';
import { idOf } from '../memory/counting-ids.ts';
import type { Client } from './client.ts';
import type { Answer, Order } from './happening.ts';
import { SCAN_EVERY_MS } from './profile.ts';
import { someWork, waiting, workload } from './workload.ts';
import { START, type World } from './world.ts';

interface Wanted {
  readonly order: NewJob;
  readonly chosenId: string | undefined;
}

/** Ids that clients choose come from a range of their own. */
const FIRST_CHOSEN = 900;
const MOST_REPEATS = 3;
/** Some come while a scan looks at what is idle. */
const AROUND_SCAN_MS = 250;

/** Programs and people who create jobs: one by one or many at once, some with an id of their own, some twice. */
export function startOrders(world: World, client: Client): void {
  const { agenda, dice, profile } = world;
  let ordered = 0;
  const someId = (): string | undefined =>
    dice.chance(0.4) ? idOf(FIRST_CHOSEN + dice.between(1, 2 * profile.orders)) : undefined;
  while (ordered < profile.orders) {
    const size = dice.chance(0.15) ? dice.between(2, 6) : 1;
    const wanted = Array.from({ length: size }, () => ({ order: someOrder(world), chosenId: someId() }));
    ordered += size;
    const isAtScan = profile.scans && dice.chance(0.2);
    const at = isAtScan ? SCAN_EVERY_MS + dice.between(0, AROUND_SCAN_MS) : dice.between(0, profile.spanMs);
    agenda.after(at, () => {
      const [first] = wanted;
      if (size === 1 && first !== undefined) void orderOne(first, world, client);
      else void orderMany(wanted, world, client);
    });
  }
}

function someOrder({ dice, profile }: World): NewJob {
  const date = START + dice.between(0, profile.spanMs) + dice.pick(profile.dates);
  const input = someWork(dice, profile.dates);
  return {
    operation: (input.manner === 'waiting' ? waiting : workload).name,
    input,
    ...(dice.chance(0.15) && { deleteOnSuccess: true }),
    ...(dice.chance(0.8) && { dependencyToken: `T${dice.between(1, profile.tokens)}` }),
    ...(dice.chance(0.15) && { postponeUntil: new Date(date).toISOString() }),
    ...(dice.chance(0.3) && { maxRetries: dice.between(0, 2) }),
  };
}

const asOrder = ({ order, chosenId }: Wanted): Order => ({ id: chosenId, body: JSON.stringify(order) });

async function orderOne(wanted: Wanted, world: World, client: Client, repeats = 0): Promise<void> {
  const { agenda, dice } = world;
  const order = asOrder(wanted);
  world.see({ kind: 'ordered', order });
  const answer = await client.call((creator) => createJob(wanted.order, OPERATOR, creator, wanted.chosenId));
  const seen: Answer & { isNew?: boolean } =
    answer.is === 'done' ? { is: 'done', job: answer.value.job, isNew: answer.value.isNew } : answer;
  world.see({ kind: 'created', order, answer: seen });
  const isTried = wanted.chosenId !== undefined && repeats < MOST_REPEATS;
  if (!isTried || !dice.chance(answer.is === 'unknown' ? 0.8 : 0.3)) return;
  const next = dice.chance(0.15) ? { ...wanted, order: someOrder(world) } : wanted;
  agenda.after(
    dice.between(1, dice.pick([100, 5_000, 120_000])),
    () => void orderOne(next, world, client, repeats + 1),
  );
}

async function orderMany(wanted: readonly Wanted[], world: World, client: Client): Promise<void> {
  const orders = wanted.map(asOrder);
  for (const order of orders) world.see({ kind: 'ordered', order });
  const answer = await client.call((creator) => createJobs(wanted, OPERATOR, creator));
  for (const [place, order] of orders.entries()) {
    const one = answer.is === 'done' ? answer.value[place] : undefined;
    world.see({ kind: 'created', order, answer: answerOf(one) });
  }
}

function answerOf(
  one: Awaited<ReturnType<typeof createJobs>>[number] | undefined,
): Answer & { isNew?: boolean } {
  if (one === undefined) return { is: 'unknown' };
  if (!('refused' in one)) return { is: 'done', job: one.job, isNew: one.isNew };
  const { code } = one.refused;
  return code === 'Unavailable' ? { is: 'unknown' } : { is: 'refused', code };
}
