import { parseArgs } from 'node:util';
import { reportOf } from './report.ts';
import { simulate } from './simulate.ts';

const USAGE = `Runs simulated histories of the service, and says which were wrong.

  npm run simulate -- --seeds 10000 [--from 1] [--no-group-lock] [--series]
  npm run simulate -- --seed 42 [--no-group-lock] [--series] [--verbose]

--no-group-lock  SQS gives messages of a group to several consumers at once: a lock that hides missing fences is off.
--series         something recurs in each history, not in every third.
--verbose        all lines of the history, also where nothing was wrong.`;

/** Who wants more has seen enough. */
const MOST_REPORTS = 10;
const LAST_LINES = 60;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    'no-group-lock': { type: 'boolean', default: false },
    series: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function run(first: number, count: number): Promise<void> {
  const startedAt = performance.now();
  let wrong = 0;
  let seed = first;
  for (; seed < first + count && wrong < MOST_REPORTS; seed++) {
    const history = await simulate({
      seed,
      hasGroupLock: !values['no-group-lock'],
      ...(values.series && { hasSeries: true }),
    });
    if (history.violation !== undefined) wrong++;
    if (history.violation !== undefined || values.verbose) {
      console.log(reportOf(history, values.verbose ? undefined : LAST_LINES));
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const done = seed - first;
  console.log(`${done} histories, ${wrong} of them wrong; ${Math.round(done / seconds)} a second.`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

if (values.help) console.log(USAGE);
else if (values.seed === undefined) await run(Number(values.from), Number(values.seeds));
else await run(Number(values.seed), 1);
