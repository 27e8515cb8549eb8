import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { Dashboard } from './dashboard.ts';
import { Doorbells } from './doorbells.ts';
import { ExampleFunction } from './example-function.ts';
import { Lane } from './lane.ts';
import { Notifications } from './notifications.ts';
import type { Stage, TrustedIssuer } from './stage.ts';
import type { Storage } from './storage.ts';
import { Timers } from './timers.ts';
import { Upkeep } from './upkeep.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly issuer: TrustedIssuer;
  readonly tokenTrigger?: IFunction;
}

/** All that runs. It keeps nothing of its own: it can be destroyed and deployed anew. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { stage, storage, issuer, tokenTrigger } = props;
    const doorbells = new Doorbells(this, 'Doorbells', { stage });
    const surroundings = { stage, storage, doorbells };
    const notifications = new Notifications(this, 'Notifications', surroundings);
    const { followStream } = notifications;
    const lanes = {
      standard: new Lane(this, 'StandardLane', { ...surroundings, followStream, lane: 'standard' }),
      bulk: new Lane(this, 'BulkLane', { ...surroundings, followStream, lane: 'bulk' }),
    };
    const timers = new Timers(this, 'Timers', surroundings);
    const mappings = { standard: lanes.standard.mapping, bulk: lanes.bulk.mapping };
    const upkeep = new Upkeep(this, 'Upkeep', { ...surroundings, mappings });
    if (stage.isLocal) new ExampleFunction(this, 'Example', { stage });
    const api = new Api(this, 'Api', {
      ...surroundings,
      issuer,
      controls: upkeep.controls,
      followStream,
    });
    const parts = {
      stage,
      storage,
      doorbells,
      lanes,
      timers,
      upkeep,
      notifications,
      api,
      ...(tokenTrigger && { tokenTrigger }),
    };
    new Alarms(this, 'Alarms', parts);
    const dashboard = new Dashboard(this, 'Dashboard', parts);
    new CfnOutput(this, 'ApiUrl', {
      value: api.http.apiEndpoint,
      description: 'Where the HTTP API is served.',
    });
    new CfnOutput(this, 'DashboardUrl', { value: dashboard.url, description: 'What goes on, at a glance.' });
  }
}
