import { SingleBar } from 'cli-progress';

export interface Bar {
  step(): void;
  at(done: number, total?: number): void;
  end(): void;
}

/** A live bar on a terminal; a line every two seconds elsewhere. */
export function progressBar(what: string, total: number): Bar {
  const bar = new SingleBar({
    format: `  {bar} {percentage}%  {value}/{total} ${what}  {duration_formatted}, about {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 2_000,
    emptyOnZero: true,
  });
  bar.start(total, 0);
  return {
    step: () => bar.increment(),
    at: (done, newTotal) => {
      if (newTotal !== undefined) bar.setTotal(newTotal);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}
