import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { appOf } from '../support/synthesised.ts';
import { ACKNOWLEDGED } from './acknowledged.ts';

/** The findings of the AwsSolutions rules on the stacks of a deployed stage. */
function findings(change: (app: App) => void = () => {}): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'longhaul-nag-'));
  const app = appOf({ stage: 'prod' }, outdir);
  change(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!String(error).includes('alidation')) throw error;
  }
  return rulesIn(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
}

const rulesIn = (report: string): string[] => [
  ...new Set([...report.matchAll(/"(AwsSolutions-[^"]+)"/g)].map(([, rule]) => rule ?? '')),
];

describe('the AwsSolutions rules', () => {
  const found = findings();

  it('find nothing that is not acknowledged with a reason', () => {
    const open = found.filter((rule) => !ACKNOWLEDGED.some(({ finding }) => finding.test(rule)));
    expect(open).toEqual([]);
  });

  it('still find all that is acknowledged, so that no reason outlives its cause', () => {
    const stale = ACKNOWLEDGED.filter(({ finding }) => !found.some((rule) => finding.test(rule)));
    expect(stale).toEqual([]);
  });

  it('find an open bucket, were there one', () => {
    const careless = findings((app) => new Bucket(new Stack(app, 'Careless'), 'Open'));
    expect(careless).toContain('AwsSolutions-S1');
  });
});
