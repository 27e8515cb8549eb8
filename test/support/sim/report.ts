import type { History } from './simulate.ts';

/** A history for people: what was wrong, what came before it, and how to see it again. */
export function reportOf({ plan, profile, violation, read }: History, lines: number | undefined): string {
  const terms = `${plan.hasGroupLock ? '' : ' --no-group-lock'}${plan.hasSeries ? ' --series' : ''}`;
  return [
    `History ${plan.seed}${terms}, ${profile.name}: ${violation === undefined ? 'nothing was wrong' : `${violation.rule}: ${violation.what}`}`,
    ...read(lines).map((line) => `  ${line}`),
    `See it again: npm run simulate -- --seed ${plan.seed}${terms} --verbose`,
  ].join('\n');
}
