import type { History } from './simulate.ts';

/** A history for people: what was wrong, what came before it, and how to see it again. */
export function reportOf({ plan, profile, violation, read }: History, lines: number | undefined): string {
  const lock = plan.hasGroupLock ? '' : ' --no-group-lock';
  return [
    `History ${plan.seed}${lock}, ${profile.name}: ${violation === undefined ? 'nothing was wrong' : `${violation.rule}: ${violation.what}`}`,
    ...read(lines).map((line) => `  ${line}`),
    `See it again: npm run simulate -- --seed ${plan.seed}${lock} --verbose`,
  ].join('\n');
}
