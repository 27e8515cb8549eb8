import { SingleBar } from 'cli-progress';
import type { ShownJob } from '../service-client.ts';

export interface StepsBar {
  show(job: ShownJob): void;
  end(): void;
}

/** How far a job has come, what it is shown as, and the time left as the service says it. Live, as `progressBar` is. */
export function stepsBar(): StepsBar {
  const bar = new SingleBar({
    format: '     {bar} {percentage}%  {value}/{total} steps  {shown}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 1_000,
    emptyOnZero: true,
  });
  let isStarted = false;
  return {
    show({ progress: { done, total = 0, etaSeconds } = { done: 0 }, shownAs }) {
      const left = shownAs === 'Active' && etaSeconds !== undefined ? `, about ${etaSeconds} s left` : '';
      const shown = { shown: `${shownAs}${left}` };
      if (!isStarted) bar.start(total, done, shown);
      isStarted = true;
      bar.setTotal(total);
      bar.update(done, shown);
    },
    end: () => bar.stop(),
  };
}
