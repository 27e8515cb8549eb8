import { CannotStart } from '../cannot-start.ts';
import { readAssembly } from '../template/assembly.ts';
import { ofType, readResources } from '../template/resources.ts';

/** Issuer and audience that the JWT authorizer of the synthesised template accepts. */
export function trustedIssuer(assembly: string): { issuer: string; audience: string } {
  // The rules of an authorizer cannot depend on where the service listens.
  const nowhere = { sqs: '', http: '' };
  const resources = readAssembly(assembly).flatMap((stack) => readResources(stack, nowhere));
  const [authorizer] = ofType(resources, 'AWS::ApiGatewayV2::Authorizer');
  const { Issuer: issuer, Audience = [] } = authorizer?.properties.JwtConfiguration ?? {};
  const [audience] = Audience;
  if (issuer === undefined || audience === undefined)
    throw new CannotStart('the template has no JWT authorizer');
  return { issuer, audience };
}
