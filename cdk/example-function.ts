import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { EXAMPLE_FUNCTION, type Stage } from './stage.ts';

/** A function that stands for one of the organisation's own: only in the stage `local`, so that there is one to call. */
export class ExampleFunction extends Construct {
  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    new BundledFunction(this, 'Function', {
      functionName: EXAMPLE_FUNCTION,
      description: `Longhaul: an example of a function that jobs of ${stage.name} call.`,
      entry: 'functions/example.ts',
      timeout: Duration.seconds(30),
      memoryMb: 128,
      environment: {},
    });
  }
}
