import * as z from 'zod';
import { type Condition, conditionFault } from './conditions.ts';
import { segmentsOf } from './wildcard.ts';

/** One statement of an identity-based policy, ready to be judged. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly Condition[];
}

/** What one of the patterns describes; with `inverted` (NotAction, NotResource) what none of them does. */
export interface Selection {
  readonly patterns: readonly string[];
  readonly inverted: boolean;
}

/** Who may take a role on. */
export interface TrustStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly services: readonly string[];
  readonly conditions: readonly Condition[];
}

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
const effect = z.enum(['Allow', 'Deny']);
const version = z.literal('2012-10-17');

const noVariables = (pattern: string) => !pattern.includes('${');
const isAction = (pattern: string) => pattern === '*' || /^[\w-]+:[\w*?]+$/.test(pattern);
const isArnPattern = (pattern: string) => pattern === '*' || segmentsOf(pattern).length === 6;

const actions = oneOrMore.refine((all) => all.every(isAction), 'an action is "*" or "service:Action"');
const resources = oneOrMore
  .refine((all) => all.every(isArnPattern), 'a resource is "*" or an ARN')
  .refine((all) => all.every(noVariables), 'policy variables are not known here');

const conditionValue = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => [value].flat().map(String));

const conditions = z
  .record(z.string(), z.record(z.string(), conditionValue))
  .default({})
  .transform((block) => Object.entries(block).flatMap(([operator, keys]) => linesOf(operator, keys)))
  .superRefine((all, context) => {
    for (const fault of all.map(conditionFault)) if (fault) context.addIssue(fault);
  });

const linesOf = (operator: string, keys: Record<string, string[]>): Condition[] =>
  Object.entries(keys).map(([key, values]) => ({ operator, key, values }));

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: effect,
    Action: actions.optional(),
    NotAction: actions.optional(),
    Resource: resources.optional(),
    NotResource: resources.optional(),
    Condition: conditions,
  })
  .transform((given, context): Statement => {
    const { Effect, Action, NotAction, Resource, NotResource, Condition } = given;
    if ((Action === undefined) === (NotAction === undefined))
      context.addIssue('exactly one of Action and NotAction is needed');
    if ((Resource === undefined) === (NotResource === undefined))
      context.addIssue('exactly one of Resource and NotResource is needed');
    return {
      effect: Effect,
      actions: selection(Action, NotAction),
      resources: selection(Resource, NotResource),
      conditions: Condition,
    };
  });

const selection = (included: string[] | undefined, excluded: string[] | undefined): Selection => ({
  patterns: included ?? excluded ?? [],
  inverted: included === undefined,
});

export const policyDocument = z
  .strictObject({ Version: version, Id: z.string().optional(), Statement: z.array(statement) })
  .transform(({ Statement }) => Statement);

const trustStatement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: effect,
    Action: oneOrMore,
    Principal: z.strictObject({ Service: oneOrMore }),
    Condition: conditions,
  })
  .transform(
    (given): TrustStatement => ({
      effect: given.Effect,
      actions: given.Action,
      services: given.Principal.Service,
      conditions: given.Condition,
    }),
  );

export const trustDocument = z
  .strictObject({ Version: version, Statement: z.array(trustStatement) })
  .transform(({ Statement }) => Statement);
