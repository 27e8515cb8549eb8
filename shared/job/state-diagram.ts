import { movesOf, VERBS } from './lifecycle.ts';
import { ALL_STATUSES, type StatusCode, statusLabel } from './status.ts';

/** The lifecycle table as a Mermaid diagram, for ARCHITECTURE.md. */
export function stateDiagram(): string {
  const arrows = new Map<string, string[]>();
  for (const verb of VERBS) {
    for (const { from, to } of movesOf(verb)) {
      const arrow = `${nodeOf(from)} --> ${nodeOf(to)}`;
      const verbs = arrows.get(arrow) ?? [];
      if (!verbs.includes(verb)) arrows.set(arrow, [...verbs, verb]);
    }
  }
  return [
    'stateDiagram-v2',
    ...ALL_STATUSES.map((status) => `  state "${statusLabel(status)} (${status})" as ${nodeOf(status)}`),
    `  [*] --> ${nodeOf(0)}: create`,
    ...[...arrows].map(([arrow, verbs]) => `  ${arrow}: ${verbs.join(', ')}`),
  ].join('\n');
}

const nodeOf = (status: StatusCode): string => `s${status}`;
