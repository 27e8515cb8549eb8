import { Duration } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { environmentOf, type Surroundings } from './environment.ts';

/** The HTTP API: every request needs a token of the stage's issuer; the routes are in `functions/api`. */
export class Api extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { stage, storage, lanes } = surroundings;
    const { function: api } = new BundledFunction(this, 'Api', {
      functionName: `longhaul-${stage.name}-api`,
      description: 'Longhaul: the HTTP API.',
      entry: 'functions/api/index.ts',
      timeout: Duration.seconds(29), // an HTTP API gives up after 30
      memoryMb: 512,
      environment: environmentOf(surroundings),
    });
    storage.jobs.grant(
      api,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
    );
    storage.jobDetails.grant(
      api,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
    );
    storage.assets.grant(
      api,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
    );
    storage.bucket.grantPut(api);
    storage.bucket.grantRead(api, 'job-details/*');
    storage.bucket.grantRead(api, 'asset-details/*');
    lanes.bulk.queue.grantSendMessages(api);

    const http = new HttpApi(this, 'HttpApi', {
      apiName: `longhaul-${stage.name}`,
      description: 'Longhaul: create jobs and look at them.',
      defaultAuthorizer: new HttpJwtAuthorizer('Tokens', stage.issuer, { jwtAudience: [stage.audience] }),
    });
    http.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE],
      integration: new HttpLambdaIntegration('Api', api),
    });
    this.url = http.apiEndpoint;
  }
}
