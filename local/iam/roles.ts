import { ofType, type Resource } from '../template/resources.ts';
import type { Statement, TrustStatement } from './policy-document.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: readonly TrustStatement[];
  /** Of all its policies: inline, attached and managed. */
  readonly statements: readonly Statement[];
}

/** The roles of the templates by their ARN. */
export function readRoles(resources: readonly Resource[]): ReadonlyMap<string, Role> {
  const policies = ofType(resources, 'AWS::IAM::Policy');
  const roles = ofType(resources, 'AWS::IAM::Role').map(({ ref: name, attributes, properties }): Role => {
    const attached = policies.filter((policy) => policy.properties.Roles.includes(name));
    const inline = properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument);
    return {
      name,
      arn: attributes['Arn'] ?? name,
      trust: properties.AssumeRolePolicyDocument,
      statements: [
        ...inline,
        ...properties.ManagedPolicyArns.flat(),
        ...attached.flatMap((policy) => policy.properties.PolicyDocument),
      ],
    };
  });
  return new Map(roles.map((role) => [role.arn, role]));
}
