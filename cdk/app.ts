import { App } from 'aws-cdk-lib';
import { makeStacks } from './stacks.ts';
import { readStage } from './stage.ts';

const app = new App();
makeStacks(app, readStage(app.node));
app.synth();
