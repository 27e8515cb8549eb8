import type { LogEntry } from '../job/log-entry.ts';
import type { LogView } from './log-view.ts';

/** The lines above a number, oldest first; one line stands for those that are left out. */
export async function* linesAfter(after: number, view: LogView): AsyncGenerator<LogEntry, void, void> {
  const { from = Number.MAX_SAFE_INTEGER } = view.leftOut ?? {};
  for (let at = after + 1; at <= view.last; ) {
    const lines = isLeftOut(at, view) ? undefined : await view.around(at);
    const until = at < from ? from : Number.MAX_SAFE_INTEGER;
    const shown = (lines ?? []).filter(({ number }) => at <= number && number < until);
    yield* shown;
    const reached = shown.at(-1);
    if (reached !== undefined) {
      at = reached.number + 1;
      continue;
    }
    const next = await nextUp(at, view);
    if (next === undefined) return;
    yield await missing(at, next - 1, view);
    at = next;
  }
}

/** The lines below a number, newest first. */
export async function* linesBefore(before: number, view: LogView): AsyncGenerator<LogEntry, void, void> {
  const { to = 0 } = view.leftOut ?? {};
  for (let at = Math.min(before - 1, view.last); at >= 1; ) {
    const lines = isLeftOut(at, view) ? undefined : await view.around(at);
    const downTo = at > to ? to : 0;
    const shown = (lines ?? []).filter(({ number }) => downTo < number && number <= at);
    yield* shown.toReversed();
    const [reached] = shown;
    if (reached !== undefined) {
      at = reached.number - 1;
      continue;
    }
    const next = await nextDown(at, view);
    // What a crash has begun at the very end was never there.
    if (at < view.last) yield await missing(next + 1, at, view);
    at = next;
  }
}

const isLeftOut = (number: number, { leftOut }: LogView): boolean =>
  leftOut !== undefined && leftOut.from <= number && number <= leftOut.to;

/** Where lines go on above one that is not there; nothing if they don't. */
async function nextUp(at: number, view: LogView): Promise<number | undefined> {
  const next = isLeftOut(at, view) ? (view.leftOut?.to ?? at) + 1 : await view.above(at);
  if (next === undefined) return undefined;
  return isLeftOut(next, view) ? nextUp(next, view) : nextThere(next, view);
}

/** The first segments that are shown may have gone in this very moment. */
async function nextThere(next: number, view: LogView): Promise<number | undefined> {
  return (await view.around(next)) === undefined ? nextUp(next, view) : next;
}

async function nextDown(at: number, view: LogView): Promise<number> {
  const next = isLeftOut(at, view) ? (view.leftOut?.from ?? 1) - 1 : ((await view.below(at)) ?? 0);
  if (next === 0) return 0;
  return isLeftOut(next, view) || (await view.around(next)) === undefined ? nextDown(next, view) : next;
}

/** It bears the time at which the log goes on. */
async function missing(from: number, to: number, view: LogView): Promise<LogEntry> {
  const count = to - from + 1;
  const why = view.most === undefined ? '' : ` This log keeps ${view.most}: the first tenth, and the newest.`;
  const text = `${count} ${count === 1 ? 'line is' : 'lines are'} left out here.${why}`;
  const goesOn = ((await view.around(to + 1)) ?? []).find(({ number }) => number === to + 1);
  return { number: to, at: goesOn?.at ?? 0, level: 'warn', text, missing: count };
}
