import { App } from 'aws-cdk-lib';
import { DataStack } from '../../cdk/data-stack.ts';
import { IdentityStack } from '../../cdk/identity-stack.ts';
import { ServiceStack } from '../../cdk/service-stack.ts';
import { readStage } from '../../cdk/stage.ts';

/** The stacks of a stage as `cdk/app.ts` puts them together, without bundling the functions. */
export function stacksOf(context: Readonly<Record<string, unknown>> = { stage: 'prod' }, outdir?: string) {
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [], ...context },
    ...(outdir !== undefined && { outdir }),
  });
  const stage = readStage(app.node);
  const data = new DataStack(app, `Longhaul-${stage.name}-data`, { stage });
  const identity = new IdentityStack(app, `Longhaul-${stage.name}-identity`, { stage });
  const service = new ServiceStack(app, `Longhaul-${stage.name}`, {
    stage,
    storage: data.storage,
    issuer: stage.foreignIssuer ?? identity.trusted,
  });
  return { app, data, identity, service };
}
