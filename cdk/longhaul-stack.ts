import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { Lane } from './lane.ts';
import type { Stage } from './stage.ts';
import { Storage } from './storage.ts';

export interface LonghaulStackProps extends StackProps {
  readonly stage: Stage;
}

/** The whole system of one stage. */
export class LonghaulStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: LonghaulStackProps) {
    super(scope, id, props);
    const storage = new Storage(this, 'Storage', { stage });
    const bulk = new Lane(this, 'BulkLane', { name: 'bulk', stage, storage, numbers: stage.bulk });
    const api = new Api(this, 'Api', { stage, storage, lanes: { bulk } });
    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Where the HTTP API is served.' });
  }
}
