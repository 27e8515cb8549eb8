import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CannotStart } from '../cannot-start.ts';

/** One synthesised stack: its template as it would be deployed, and where the bundles it uploads lie. */
export interface Stack {
  readonly name: string;
  readonly templateFile: string;
  readonly template: Template;
  /** The folder of the function code that the template names by this S3 key. */
  assetFolder(s3Key: string): string;
}

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Condition: z.string().optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  // The only rule that the CDK writes checks the version of the bootstrap stack; there is none here.
  Rules: z.unknown().optional(),
  Conditions: z.unknown().optional(),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
  Resources: z.record(z.string(), resourceSchema),
});

export type Template = z.infer<typeof templateSchema>;
export type TemplateResource = z.infer<typeof resourceSchema>;

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      dependencies: z.array(z.string()).default([]),
      properties: z
        .looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .default({}),
    }),
  ),
});

type Artifacts = z.infer<typeof manifestSchema>['artifacts'];

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

/** The stacks of a cloud assembly (`cdk.out`), each after those it depends on. */
export function readAssembly(folder: string): Stack[] {
  const { artifacts } = manifestSchema.parse(readJson(join(folder, 'manifest.json')));
  return inDependencyOrder(artifacts)
    .filter((id) => artifacts[id]?.type === 'aws:cloudformation:stack')
    .map((id) => readStack(folder, id, artifacts));
}

function readStack(folder: string, id: string, artifacts: Artifacts): Stack {
  const { properties } = artifacts[id] ?? {};
  const templateFile = properties?.templateFile ?? `${id}.template.json`;
  const parsed = templateSchema.safeParse(readJson(join(folder, templateFile)));
  if (!parsed.success) throw new CannotStart(`${templateFile}: ${z.prettifyError(parsed.error)}`);
  return {
    name: properties?.stackName ?? id,
    templateFile,
    template: parsed.data,
    assetFolder: (s3Key) => assetFolder(folder, `${id}.assets.json`, s3Key),
  };
}

function assetFolder(folder: string, assetsFile: string, s3Key: string): string {
  const { files } = assetsSchema.parse(readJson(join(folder, assetsFile)));
  const asset = Object.values(files).find(({ destinations }) =>
    Object.values(destinations).some(({ objectKey }) => objectKey === s3Key),
  );
  if (!asset?.source.path) throw new CannotStart(`${assetsFile} has no asset for the function code ${s3Key}`);
  return join(folder, asset.source.path);
}

function inDependencyOrder(artifacts: Artifacts): string[] {
  const ordered = new Set<string>();
  const visit = (id: string) => {
    for (const dependency of artifacts[id]?.dependencies ?? [])
      if (!ordered.has(dependency)) visit(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...ordered];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CannotStart(`cannot read ${file}: ${String(cause)}`, { cause });
  }
}
