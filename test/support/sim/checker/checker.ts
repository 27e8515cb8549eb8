import type { Happening } from '../happening.ts';
import { Audit } from './audit.ts';
import { Callbacks } from './callbacks.ts';
import { comesToAnEnd, leavesNothingBehind } from './end.ts';
import { livesByTheTable, onlyTheHolderWrites } from './life.ts';
import { joinsAtTheEnd, linesAndRowsAgree, takesOnlyTheHead } from './line.ts';
import { Model, type NamedRule } from './model.ts';
import { Occurrences } from './occurrences.ts';
import { Overlap } from './overlap.ts';
import { Promises } from './promises.ts';
import { SeriesChanges } from './series.ts';
import { SeriesAnswers } from './series-answers.ts';
import { Steps } from './steps.ts';
import { isWatchedInTime, timerComesFirst } from './watch.ts';

export interface Violation {
  /** Which rule, by its name in the design where it has one. */
  readonly rule: string;
  readonly what: string;
}

/** Looks at everything that happens and knows nothing of the engine: what must always hold, written a second time. */
export class Checker {
  readonly #model = new Model();
  readonly #rules: readonly NamedRule[];
  #violation: Violation | undefined;

  constructor() {
    const promises = new Promises();
    const audit = new Audit();
    const callbacks = new Callbacks();
    const series = new SeriesChanges();
    const occurrences = new Occurrences();
    const answers = new SeriesAnswers();
    this.#rules = [
      { name: 'I1 no overlap', rule: new Overlap().isAlone },
      { name: 'I1 only the holder writes', rule: onlyTheHolderWrites() },
      { name: 'I2, I3 only the head is taken', rule: takesOnlyTheHead },
      { name: 'I2 joins at the end', rule: joinsAtTheEnd() },
      { name: 'I4, I10 creates once', rule: promises.createsOnce },
      { name: 'I6 keeps cancels', rule: promises.keepsCancels },
      { name: 'I5 lives by the table', rule: livesByTheTable },
      { name: 'I7 comes to an end', rule: comesToAnEnd },
      { name: 'I7 lines and rows agree', rule: linesAndRowsAgree },
      { name: 'I7 is watched in time', rule: isWatchedInTime },
      { name: 'I7 timer before write', rule: timerComesFirst() },
      { name: 'audit tells what was done', rule: audit.isTrue },
      { name: 'verbs count once', rule: audit.countsOnce },
      { name: 'I8 steps are complete', rule: new Steps().isComplete },
      { name: 'callbacks have one end', rule: callbacks.haveOneEnd },
      { name: 'operations are told of cancels', rule: callbacks.areToldOfCancels },
      { name: 'series have one to come', rule: series.haveOneToCome },
      { name: 'series change for a reason', rule: series.haveReasons },
      { name: 'series keep what was answered', rule: answers.hold },
      { name: 'verbs of series count once', rule: answers.countOnce },
      { name: 'occurrences come by their policies', rule: occurrences.comeByPolicy },
      { name: 'occurrences are what was ordered', rule: occurrences.areAsOrdered },
      { name: 'leaves nothing behind', rule: leavesNothingBehind },
    ];
  }

  /** The first thing that was wrong. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  see(now: number, happening: Happening): void {
    if (this.#violation !== undefined) return;
    this.#model.apply(happening);
    for (const { name, rule } of this.#rules) {
      const what = rule(happening, now, this.#model);
      if (what === undefined) continue;
      this.#violation = { rule: name, what };
      return;
    }
  }
}
