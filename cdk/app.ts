import { App } from 'aws-cdk-lib';
import { LonghaulStack } from './longhaul-stack.ts';
import { readStage } from './stage.ts';

const app = new App();
const stage = readStage(app.node);

new LonghaulStack(app, `Longhaul-${stage.name}`, {
  stage,
  description: `Longhaul (${stage.name}): runs long operations as jobs, in order per token.`,
  tags: { application: 'longhaul', stage: stage.name },
});

app.synth();
