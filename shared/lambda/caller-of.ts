import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { v5, validate } from 'uuid';
import * as z from 'zod';
import { type Caller, ROLES, type Role } from '../service/caller.ts';
import { NotAllowed } from '../service/errors.ts';

/**
 * API Gateway hands claims over as strings: an array claim arrives as `[a b]`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
const Claims = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().max(256).optional(),
  email: z.string().max(320).optional(),
  'cognito:groups': z.union([z.string(), z.array(z.string())]).optional(),
  scope: z.string().optional(),
});

/** Who calls, by the token that the authorizer has checked. The strongest of the groups and scopes counts. */
export function callerOf(event: APIGatewayProxyEventV2WithJWTAuthorizer): Caller {
  const { sub, name, email, ...grants } = Claims.parse(event.requestContext.authorizer.jwt.claims);
  const role = strongestOf([...groupsOf(grants['cognito:groups']), ...scopesOf(grants.scope)]);
  if (role === undefined) throw new NotAllowed('reader', 'no role');
  return {
    id: userId(sub),
    role,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
}

/** Users are known by a UUID, as in Dataverse: Cognito's subjects are ones, others are hashed to one. */
const userId = (subject: string): string =>
  validate(subject) ? subject.toLowerCase() : v5(`urn:longhaul:user:${subject}`, v5.URL);

const groupsOf = (groups: string | string[] = []): string[] =>
  Array.isArray(groups) ? groups : groups.replace(/^\[|\]$/g, '').split(' ');

/** Machine clients get a role by a scope `longhaul/<role>`. */
const scopesOf = (scope = ''): string[] =>
  scope.split(' ').flatMap((one) => (one.startsWith('longhaul/') ? [one.slice('longhaul/'.length)] : []));

const strongestOf = (grants: readonly string[]): Role | undefined =>
  ROLES.findLast((role) => grants.includes(role));
