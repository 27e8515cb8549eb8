import { join } from 'node:path';
import { CannotStart } from '../cannot-start.ts';
import { readAssembly } from '../template/assembly.ts';
import { ofType, type Resource, readResources } from '../template/resources.ts';

/** Who signs the tokens that the service accepts. */
export interface TrustedIssuer {
  readonly issuer: string;
  /** What a token of a person is made out to: the client with which people sign in. */
  readonly audience: string;
  /** Set when the issuer is a Cognito user pool of the template, whose tokens have a form of their own. */
  readonly pool?: UserPool;
}

export interface UserPool {
  readonly id: string;
  /** The clients of machines, by the scope that they may ask for. */
  readonly machineClients: ReadonlyMap<string, string>;
  /** The module of the function that adds to the tokens of people. */
  readonly tokenTrigger?: string;
}

/** Issuer and audience that the JWT authorizer of the synthesised template accepts. */
export function trustedIssuer(assembly: string): TrustedIssuer {
  // The rules of an authorizer cannot depend on where the service listens.
  const nowhere = { sqs: '', http: '' };
  const resources = readResources(readAssembly(assembly), nowhere);
  const [authorizer] = ofType(resources, 'AWS::ApiGatewayV2::Authorizer');
  const { Issuer: issuer, Audience = [] } = authorizer?.properties.JwtConfiguration ?? {};
  const [audience] = Audience;
  if (issuer === undefined || audience === undefined)
    throw new CannotStart('the template has no JWT authorizer');
  const pool = ofType(resources, 'AWS::Cognito::UserPool').find(
    ({ attributes }) => attributes['ProviderURL'] === issuer,
  );
  return pool ? { issuer, audience, pool: readPool(pool, resources) } : { issuer, audience };
}

function readPool(pool: Resource<'AWS::Cognito::UserPool'>, resources: readonly Resource[]): UserPool {
  const clients = ofType(resources, 'AWS::Cognito::UserPoolClient').filter(
    ({ properties }) => properties.UserPoolId === pool.ref,
  );
  const machines = clients.filter(({ properties }) =>
    properties.AllowedOAuthFlows.includes('client_credentials'),
  );
  const scopes = machines.flatMap(({ ref, properties }) =>
    properties.AllowedOAuthScopes.map((scope): [string, string] => [scope, ref]),
  );
  const tokenTrigger = triggerModule(pool, resources);
  return {
    id: pool.ref,
    machineClients: new Map(scopes),
    ...(tokenTrigger !== undefined && { tokenTrigger }),
  };
}

function triggerModule(
  { properties, logicalId }: Resource<'AWS::Cognito::UserPool'>,
  resources: readonly Resource[],
): string | undefined {
  const arn = properties.LambdaConfig?.PreTokenGenerationConfig?.LambdaArn;
  if (arn === undefined) return undefined;
  const fn = ofType(resources, 'AWS::Lambda::Function').find(({ attributes }) => attributes['Arn'] === arn);
  if (!fn) throw new CannotStart(`${logicalId} names the function ${arn}, which is not in the template`);
  return join(fn.stack.assetFolder(fn.properties.Code.S3Key), 'index.mjs');
}
