import { conditionHolds, type RequestContext } from './conditions.ts';
import type { Selection, Statement, TrustStatement } from './policy-document.ts';
import { arnMatches, wildcardMatches } from './wildcard.ts';

/** One action on one resource, for which somebody needs a permission. */
export interface AccessRequest {
  readonly action: string;
  /** An ARN, or "*" for an action that has no resource. */
  readonly resource: string;
  readonly context?: RequestContext;
}

export type Decision = 'allowed' | 'explicitly denied' | 'not allowed';

/** As IAM decides: an explicit Deny wins, then an Allow counts, and what nothing speaks of is denied. */
export function decide(statements: readonly Statement[], request: AccessRequest): Decision {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ effect }) => effect === 'Deny')) return 'explicitly denied';
  return applying.length > 0 ? 'allowed' : 'not allowed';
}

/** Whether a service may take the role on. */
export function trusts(trust: readonly TrustStatement[], service: string, context: RequestContext): boolean {
  const applying = trust.filter(
    ({ actions, services, conditions }) =>
      actions.some((pattern) => actionMatches(pattern, 'sts:AssumeRole')) &&
      services.includes(service) &&
      conditions.every((condition) => conditionHolds(condition, context)),
  );
  return applying.length > 0 && applying.every(({ effect }) => effect === 'Allow');
}

export function applies(statement: Statement, { action, resource, context = {} }: AccessRequest): boolean {
  return (
    selects(statement.actions, action, actionMatches) &&
    selects(statement.resources, resource, arnMatches) &&
    statement.conditions.every((condition) => conditionHolds(condition, context))
  );
}

const selects = (
  { patterns, inverted }: Selection,
  text: string,
  matches: (pattern: string, text: string) => boolean,
): boolean => patterns.some((pattern) => matches(pattern, text)) !== inverted;

/** The case of an action does not count, that of a resource does. */
const actionMatches = (pattern: string, action: string) =>
  wildcardMatches(pattern.toLowerCase(), action.toLowerCase());
