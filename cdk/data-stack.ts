import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';
import { Storage } from './storage.ts';

export class DataStack extends Stack {
  readonly storage: Storage;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: !stage.isLocal });
    this.storage = new Storage(this, 'Storage', { stage });
  }
}
