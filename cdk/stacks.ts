import { type App, Tags } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { IdentityStack } from './identity-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Stage } from './stage.ts';

/** Three stacks a stage: what is kept, who may call, and the service, which alone changes from day to day. */
export function makeStacks(app: App, stage: Stage): void {
  const prefix = `Longhaul-${stage.name}`;
  const { storage } = new DataStack(app, `${prefix}-data`, {
    stage,
    description: `Longhaul (${stage.name}): the tables and the bucket. Kept when the stack is destroyed.`,
  });
  new ServiceStack(app, prefix, {
    stage,
    storage,
    ...whoMayCall(app, stage),
    description: `Longhaul (${stage.name}): runs long operations as jobs, in order per token.`,
  });
  Tags.of(app).add('application', 'longhaul');
  Tags.of(app).add('stage', stage.name);
}

/** Those whom the organisation's own issuer knows, or the users of a Cognito pool. */
function whoMayCall(app: App, stage: Stage) {
  if (stage.foreignIssuer !== undefined) return { issuer: stage.foreignIssuer };
  const { trusted, tokenTrigger } = new IdentityStack(app, `Longhaul-${stage.name}-identity`, {
    stage,
    description: `Longhaul (${stage.name}): users, groups and machine clients.`,
  });
  return { issuer: trusted, tokenTrigger };
}
