import { App, Tags } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { IdentityStack } from './identity-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { readStage } from './stage.ts';

/** Three stacks a stage: what is kept, who may call, and the service, which alone changes from day to day. */
const app = new App();
const stage = readStage(app.node);
const prefix = `Longhaul-${stage.name}`;

const { storage } = new DataStack(app, `${prefix}-data`, {
  stage,
  description: `Longhaul (${stage.name}): the tables and the bucket. Kept when the stack is destroyed.`,
});
const issuer =
  stage.foreignIssuer ??
  new IdentityStack(app, `${prefix}-identity`, {
    stage,
    description: `Longhaul (${stage.name}): users, groups and machine clients.`,
  }).trusted;
new ServiceStack(app, prefix, {
  stage,
  storage,
  issuer,
  description: `Longhaul (${stage.name}): runs long operations as jobs, in order per token.`,
});

Tags.of(app).add('application', 'longhaul');
Tags.of(app).add('stage', stage.name);
app.synth();
