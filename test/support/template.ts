import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { appOf } from './synthesised.ts';

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().exactOptional(),
  UpdateReplacePolicy: z.string().exactOptional(),
});
const Template = z.object({
  Description: z.string().default(''),
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.looseObject({ Export: z.object({ Name: z.string() }).exactOptional() }))
    .default({}),
});

type StackTemplate = z.infer<typeof Template>;
export type TemplateResource = z.infer<typeof Resource>;
export type Resources = Readonly<Record<string, TemplateResource>>;
export type Properties = TemplateResource['Properties'];

export const DEPLOYED = { stage: 'dev' };
export const FOREIGN = { ...DEPLOYED, issuer: 'https://issuer.example.com', audience: 'longhaul' };
export const LOCAL = { stage: 'local', cores: '8' };

type Context = Readonly<Record<string, string>>;
const known = new Map<Context, Readonly<Record<string, StackTemplate>>>();

/** A stage's stacks by name, synthesised here; without the bundles, which take long and say nothing about rules. */
export function stacksOf(context: Context): Readonly<Record<string, StackTemplate>> {
  const stacks = known.get(context) ?? synthesise(context);
  known.set(context, stacks);
  return stacks;
}

/** The resources of a stage's stacks together. */
export const synthesised = (context: Context): Resources =>
  Object.fromEntries(
    Object.values(stacksOf(context)).flatMap(({ Resources: resources }) => Object.entries(resources)),
  );

function synthesise(context: Context): Readonly<Record<string, StackTemplate>> {
  const outdir = mkdtempSync(join(tmpdir(), 'longhaul-template-'));
  try {
    const app = appOf(context, outdir);
    const { stacks } = app.synth();
    return Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, Template.parse(template)]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export const ofType = (resources: Resources, type: string): [string, TemplateResource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The properties of all resources of one type. */
export const propertiesOf = (resources: Resources, type: string): Properties[] =>
  ofType(resources, type).map(([, { Properties }]) => Properties);

const Policy = z.object({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.string(),
        Action: z.union([z.string(), z.array(z.string())]).transform((actions) => [actions].flat()),
        Resource: z.unknown(),
      }),
    ),
  }),
});
const FunctionRole = z.object({ Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) });

/** What a function may do, as `action on logical id` with the part of the resource that is meant, if not all of it. */
export function grantsOf(resources: Resources, functionName: string): string[] {
  const found = ofType(resources, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === functionName,
  );
  if (found === undefined) throw new Error(`The template has no function ${functionName}.`);
  return grantsOfRole(resources, FunctionRole.parse(found[1].Properties).Role['Fn::GetAtt'][0]);
}

/** The same for a role, by its logical id. */
export function grantsOfRole(resources: Resources, role: string): string[] {
  return ofType(resources, 'AWS::IAM::Policy')
    .map(([, { Properties }]) => Policy.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource: on }) =>
      placesOf(on).flatMap((place) => Action.map((action) => `${action} on ${place}`)),
    );
}

function placesOf(resource: unknown): string[] {
  if (Array.isArray(resource)) return resource.flatMap(placesOf);
  const text = JSON.stringify(resource);
  const here = /"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}","Arn"\]/.exec(text);
  const elsewhere = /ExportsOutputFnGetAtt(\w+?)[0-9A-F]{8}Arn/.exec(text);
  const mapping = /:event-source-mapping:",\{"Ref":"(\w+?)FunctionSqsEventSource/.exec(text);
  const [, logicalId = text] = here ?? elsewhere ?? mapping ?? [];
  const [, part = ''] = /"(\/[^"]*)"\]\]\}$/.exec(text) ?? [];
  return [`${logicalId}${part}`];
}
