import { accountId, arn } from '../template/identities.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { arnMatches } from './wildcard.ts';

/** A service that is to call a function, on behalf of one of its resources. */
interface Invoker {
  readonly principal: string;
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly what: string;
}

/** What API Gateway and Cognito may not invoke, for want of an AWS::Lambda::Permission; told in words. */
export function missingInvokePermissions(resources: readonly Resource[]): string[] {
  const permissions = ofType(resources, 'AWS::Lambda::Permission');
  return [...routes(resources), ...triggers(resources)]
    .filter((invoker) => !permissions.some((permission) => permits(permission, invoker)))
    .map(
      ({ what, principal, functionArn, sourceArn }) =>
        `${what}: no AWS::Lambda::Permission lets ${principal} invoke ${functionArn} for ${sourceArn}`,
    );
}

function permits({ properties }: Resource<'AWS::Lambda::Permission'>, invoker: Invoker): boolean {
  const { FunctionName, Principal, SourceArn = '*', SourceAccount = accountId } = properties;
  return (
    Principal === invoker.principal &&
    (invoker.functionArn === FunctionName || invoker.functionArn.endsWith(`:function:${FunctionName}`)) &&
    arnMatches(SourceArn, invoker.sourceArn) &&
    SourceAccount === accountId
  );
}

function routes(resources: readonly Resource[]): Invoker[] {
  const integrations = ofType(resources, 'AWS::ApiGatewayV2::Integration');
  return ofType(resources, 'AWS::ApiGatewayV2::Route').flatMap(({ properties, logicalId }) => {
    const integration = integrations.find(({ ref }) => properties.Target === `integrations/${ref}`);
    if (!integration) return [];
    const [method = '', path = ''] = properties.RouteKey.split(' ');
    return {
      principal: 'apigateway.amazonaws.com',
      sourceArn: arn('execute-api', `${properties.ApiId}/$default/${method}${path}`),
      functionArn: integration.properties.IntegrationUri,
      what: `${logicalId} (${properties.RouteKey})`,
    };
  });
}

function triggers(resources: readonly Resource[]): Invoker[] {
  return ofType(resources, 'AWS::Cognito::UserPool').flatMap(({ properties, attributes, logicalId }) => {
    const functionArn = properties.LambdaConfig?.PreTokenGenerationConfig?.LambdaArn;
    if (functionArn === undefined) return [];
    const sourceArn = attributes['Arn'] ?? '';
    return { principal: 'cognito-idp.amazonaws.com', sourceArn, functionArn, what: logicalId };
  });
}
