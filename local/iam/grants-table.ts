import { readAssembly } from '../template/assembly.ts';
import { ofType, type Resource, readResources } from '../template/resources.ts';
import type { Selection, Statement } from './policy-document.ts';
import { readRoles } from './roles.ts';
import { segmentsOf } from './wildcard.ts';

/** What somebody may do with a resource. */
export interface Grant {
  readonly who: string;
  readonly resource: string;
  readonly actions: readonly string[];
}

/** The grants of a cloud assembly, for people. */
export function describeGrants(assembly: string): string {
  // No grant depends on where the service listens.
  return printGrants(grantsTable(readResources(readAssembly(assembly), { sqs: '', http: '' })));
}

/** Every grant of the templates: functions and schedules, in the order of their names. */
export function grantsTable(resources: readonly Resource[]): Grant[] {
  const roles = readRoles(resources);
  const users = [
    ...ofType(resources, 'AWS::Lambda::Function').map(
      ({ ref, properties }) => [ref, properties.Role] as const,
    ),
    ...ofType(resources, 'AWS::Scheduler::Schedule').map(
      ({ ref, properties }) => [`schedule ${ref}`, properties.Target.RoleArn] as const,
    ),
  ];
  return users
    .toSorted(([one], [other]) => one.localeCompare(other))
    .flatMap(([who, role]) =>
      grantsOf(roles.get(role)?.statements ?? []).map((grant) => ({ who, ...grant })),
    );
}

/** As an aligned Markdown table; a name is written where it changes. */
export function printGrants(grants: readonly Grant[]): string {
  const rows = grants.map(({ who, resource, actions }, index) => [
    grants[index - 1]?.who === who ? '' : who,
    resource,
    actions.join(', '),
  ]);
  const table = [['function', 'resource', 'actions'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function grantsOf(statements: readonly Statement[]): Omit<Grant, 'who'>[] {
  const actionsByResource = new Map<string, Set<string>>();
  for (const statement of statements) {
    for (const resource of describe(statement.resources, shortName)) {
      const actions = actionsByResource.get(resource) ?? new Set<string>();
      for (const action of describe(statement.actions, (pattern) => pattern)) {
        actions.add(qualified(statement, action));
      }
      actionsByResource.set(resource, actions);
    }
  }
  return [...actionsByResource].map(([resource, actions]) => ({
    resource,
    actions: [...actions].toSorted(),
  }));
}

const describe = ({ patterns, inverted }: Selection, show: (pattern: string) => string): string[] =>
  inverted ? [`all but ${patterns.map(show).join(', ')}`] : patterns.map(show);

function qualified({ effect, conditions }: Statement, action: string): string {
  const provided = conditions.map(({ operator, key, values }) => `${key} ${operator} ${values.join('|')}`);
  const denied = effect === 'Deny' ? `NOT ${action}` : action;
  return provided.length === 0 ? denied : `${denied} if ${provided.join(' and ')}`;
}

/** Account and region are the same everywhere. */
const shortName = (arn: string) => (arn === '*' ? '*' : (segmentsOf(arn)[5] ?? arn));
