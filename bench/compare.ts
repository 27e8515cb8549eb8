import { eachOf } from '../shared/service/each-of.ts';
import type { Contender } from './contender.ts';
import { measured, type Work } from './measure.ts';
import { untilOver } from './rows.ts';
import { type Setting, startSetting } from './setting.ts';
import { type Figures, median, medians } from './statistics.ts';

/** Both contenders' medians, and how the service relates to the floor in the same round. */
export interface Comparison {
  readonly service: Figures;
  readonly floor: Figures;
  readonly ratios: Figures;
}

/**
 * Node compiles only what has run often, and a call of the SDK costs twice as much before. The floor is one process that lives
 * through all turns; those of the service are new in each.
 */
const WARM_UP_JOBS = 1_000;
const WARM_UP_AT_ONCE = 8;

/**
 * Takes turns, round by round, so that what the machine does besides meets both. Each turn has emulators of its own: the
 * one of DynamoDB slows down with its rows, and with the transactions of its last ten minutes.
 */
export async function compare(work: Work, rounds: number): Promise<Comparison> {
  const figures: Record<Contender['name'], Figures[]> = { service: [], floor: [] };
  for (let round = 0; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? (['service', 'floor'] as const) : (['floor', 'service'] as const);
    for (const name of inTurn) figures[name].push(await turn(name, work));
  }
  const { service, floor } = figures;
  return { service: medians(service), floor: medians(floor), ratios: ratiosOf(service, floor) };
}

async function turn(name: Contender['name'], work: Work): Promise<Figures> {
  await using setting = await startSetting();
  const contender = setting[name];
  contender.begin();
  await warmUp(contender, setting);
  const figures = await measured(contender, setting, work);
  await contender.end();
  return figures;
}

async function warmUp(contender: Contender, { tables }: Setting): Promise<void> {
  const orders = Array.from({ length: WARM_UP_JOBS }, (_, place) =>
    place % 2 === 0 ? {} : { token: `warm-up-${place % 20}` },
  );
  const ids = await contender.createAll(orders);
  ids.push(...(await eachOf(orders, WARM_UP_AT_ONCE, (order) => contender.create(order))));
  await untilOver(ids, { tables, table: contender.table });
}

function ratiosOf(service: readonly Figures[], floor: readonly Figures[]): Figures {
  const names = Object.keys(floor[0] ?? {}).filter((name) => service[0]?.[name] !== undefined);
  return Object.fromEntries(
    names.map((name) => [
      name,
      median(service.map((figures, round) => (figures[name] ?? 0) / (floor[round]?.[name] ?? 0))),
    ]),
  );
}
