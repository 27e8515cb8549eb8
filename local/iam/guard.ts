import { accountId, region } from '../template/identities.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { accessKeyOf } from './access-key.ts';
import { type AccessRequest, type Decision, decide } from './decide.ts';
import type { Need, Wanted } from './needs/need.ts';
import { type Role, readRoles } from './roles.ts';

/** A function as IAM sees it. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** Why somebody may not do something; `resource` is where the first missing permission would have to be. */
export interface Denial {
  readonly action: string;
  readonly resource: string;
  readonly message: string;
}

/** The functions of the templates by their access key. A role that is not in the templates may do nothing. */
export function callersOf(resources: readonly Resource[]): ReadonlyMap<string, Caller> {
  const roles = readRoles(resources);
  return new Map(
    ofType(resources, 'AWS::Lambda::Function').map(({ ref: name, properties }) => {
      const nobody = { name: 'unknown', arn: properties.Role, trust: [], statements: [] };
      return [accessKeyOf(name), { name, role: roles.get(properties.Role) ?? nobody }];
    }),
  );
}

/** The first thing that a caller lacks for a request, or nothing. What is not understood is never allowed. */
export function denialOf(caller: Caller, { operation, needs }: Wanted): Denial | undefined {
  if (needs === undefined) {
    const message = `${operation} is not known to local/iam, so that no policy could be checked`;
    return { action: operation, resource: '*', message };
  }
  for (const need of needs) {
    const decision = decideNeed(caller, need);
    if (decision !== 'allowed') return denial(caller, need, decision);
  }
  return undefined;
}

/** Any one of the resources suffices, unless a Deny speaks of one of them. */
function decideNeed({ role }: Caller, { action, resources, context }: Need): Decision {
  const decisions = resources.map((resource) =>
    decide(role.statements, { action, resource, context: { ...surroundings(role), ...context } }),
  );
  const rank: readonly Decision[] = ['explicitly denied', 'allowed'];
  return rank.find((decision) => decisions.includes(decision)) ?? 'not allowed';
}

/** What every request comes with. It would reach AWS by TLS. */
const surroundings = ({ arn }: Role): NonNullable<AccessRequest['context']> => ({
  'aws:principalaccount': [accountId],
  'aws:principalarn': [arn],
  'aws:requestedregion': [region],
  'aws:securetransport': ['true'],
});

function denial({ name, role }: Caller, { action, resources: [resource] }: Need, decision: Decision): Denial {
  const user = `arn:aws:sts::${accountId}:assumed-role/${role.name}/${name}`;
  const because =
    decision === 'explicitly denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return {
    action,
    resource,
    message: `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  };
}
