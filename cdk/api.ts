import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import type { Controls } from './controls.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import {
  grantCount,
  grantIndex,
  grantInvokeOne,
  grantObjects,
  grantSend,
  grantTable,
  grantToSeeMissing,
} from './grants.ts';
import type { TrustedIssuer } from './stage.ts';
import type { Storage } from './storage.ts';

/** Requests a second that one stage serves, and how many may come at once. */
const THROTTLE = { rateLimit: 500, burstLimit: 1_000 };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface ApiProps extends Surroundings {
  readonly issuer: TrustedIssuer;
  readonly controls: Controls;
  readonly followStream: IFunction;
}

/** The HTTP API: every request needs a token of the trusted issuer; the routes are in `functions/api`. */
export class Api extends Construct {
  readonly http: HttpApi;
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { issuer, controls, followStream, ...surroundings }: ApiProps) {
    super(scope, id);
    this.function = this.#function(surroundings, controls, followStream);
    this.http = this.#httpApi(surroundings, issuer);
    this.#defaultStage(surroundings);
  }

  #function(surroundings: Surroundings, controls: Controls, followStream: IFunction): IFunction {
    const { stage, storage, doorbells } = surroundings;
    const { function: api } = new BundledFunction(this, 'Api', {
      functionName: `longhaul-${stage.name}-api`,
      description: 'Longhaul: the HTTP API.',
      entry: 'functions/api/index.ts',
      timeout: Duration.seconds(29), // an HTTP API gives up after 30
      memoryMb: 512,
      environment: {
        ...environmentOf.jobs(surroundings),
        ...environmentOf.assets(surroundings),
        ...environmentOf.settings(surroundings),
        ...environmentOf.series(surroundings),
        ...environmentOf.notifications(surroundings),
        ...environmentOf.lanes(surroundings),
        ...environmentOf.timers(surroundings),
        FOLLOW_STREAM: followStream.functionName,
        ...controls.environment,
      },
    });
    this.#grant(api, storage);
    this.#grantNotifications(api, storage);
    grantInvokeOne(api, followStream);
    // An explanation says whether a lane is at its limit.
    grantCount(api, Object.values(doorbells.lanes));
    controls.grantTo(api);
    grantSend(api, [...Object.values(doorbells.lanes), doorbells.timers]);
    return api;
  }

  #grant(api: IFunction, { jobs, chains, jobDetails, assets, settings, series, blobs }: Storage): void {
    grantTable(api, jobs, [
      'GetItem',
      'BatchGetItem',
      'PutItem',
      'BatchWriteItem',
      'UpdateItem',
      'DeleteItem',
    ]);
    grantIndex(api, jobs, 'timeline');
    grantIndex(api, jobs, 'open'); // counted for the preview of a purge, walked for that of a bulk verb
    // Raises the tail, puts the place in the line or takes it away, and looks who its head is.
    grantTable(api, chains, ['UpdateItem', 'PutItem', 'DeleteItem', 'Query']);
    grantTable(api, jobDetails, ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'BatchWriteItem']);
    grantTable(api, assets, ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'BatchGetItem']);
    grantTable(api, settings, ['GetItem', 'PutItem', 'Query']);
    grantTable(api, series, ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem']);
    grantIndex(api, series, 'all');
    grantIndex(api, jobs, 'related'); // the occurrences of a series
    // Presigned PUTs are made in the name of this function.
    grantObjects(api, blobs.bucket, { under: 'assets', actions: ['PutObject'] });
    // Asking for the size of an upload is reading it.
    grantObjects(api, blobs.bucket, { under: 'inputs', actions: ['PutObject', 'GetObject'] });
    grantToSeeMissing(api, blobs.bucket);
    // Joins the pages of a list, and presigns their download.
    grantObjects(api, blobs.bucket, { under: 'exports', actions: ['PutObject', 'GetObject'] });
    // An order that turns out to be a repetition takes back what it had put there.
    grantObjects(api, blobs.bucket, {
      under: 'job-details',
      actions: ['GetObject', 'PutObject', 'DeleteObject'],
    });
    grantObjects(api, blobs.bucket, { under: 'asset-details', actions: ['GetObject'] });
  }

  /** The inboxes, who has one, and what could not be sent; `follow-stream` sends it again. */
  #grantNotifications(api: IFunction, { notifications }: Storage): void {
    grantTable(api, notifications, ['PutItem', 'UpdateItem', 'Query']);
    grantIndex(api, notifications, 'unread');
  }

  #httpApi({ stage }: Surroundings, { issuer, audience }: TrustedIssuer): HttpApi {
    const http = new HttpApi(this, 'HttpApi', {
      apiName: `longhaul-${stage.name}`,
      description: 'Longhaul: create jobs and look at them.',
      createDefaultStage: false,
      defaultAuthorizer: new HttpJwtAuthorizer('Tokens', issuer, { jwtAudience: [...audience] }),
      corsPreflight: {
        allowOrigins: [...stage.origins],
        allowMethods: METHODS.map((method) => CorsHttpMethod[method]),
        allowHeaders: [
          'authorization',
          'content-type',
          'accept',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'prefer',
        ],
        exposeHeaders: ['location', 'retry-after', 'etag'],
        maxAge: Duration.hours(1),
      },
    });
    http.addRoutes({
      path: '/{proxy+}',
      methods: METHODS.map((method) => HttpMethod[method]),
      integration: new HttpLambdaIntegration('Api', this.function),
    });
    return http;
  }

  #defaultStage({ stage }: Surroundings): void {
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      // API Gateway adds every other log group to one policy of the account, which is full after some dozens of them.
      logGroupName: `/aws/vendedlogs/longhaul-${stage.name}-access`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            at: '$context.requestTime',
            requestId: '$context.requestId',
            user: '$context.authorizer.claims.sub',
            method: '$context.httpMethod',
            path: '$context.path',
            status: '$context.status',
            bytes: '$context.responseLength',
            ms: '$context.responseLatency',
            error: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
  }
}
