import { App } from 'aws-cdk-lib';
import { makeStacks } from '../../cdk/stacks.ts';
import { readStage } from '../../cdk/stage.ts';

/** The app of a stage as `cdk/app.ts` makes it, without bundling the functions. */
export function appOf(context: Readonly<Record<string, unknown>> = { stage: 'prod' }, outdir?: string): App {
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [], ...context },
    ...(outdir !== undefined && { outdir }),
  });
  makeStacks(app, readStage(app.node));
  return app;
}
