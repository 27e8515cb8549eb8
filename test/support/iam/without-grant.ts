import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const statement = z.looseObject({
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
});
const template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z
        .looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(statement) }).optional() })
        .optional(),
    }),
  ),
});

interface Grant {
  /** How the logical id of the policy begins. */
  readonly policy: string;
  readonly action: string;
  /** Something that stands in the resource as the template has it. */
  readonly resource: string;
}

/** Copies a synthesised assembly and takes one grant out of its service stack. */
export function withoutGrant(assembly: string, copy: string, grant: Grant): void {
  cpSync(assembly, copy, { recursive: true });
  const file = join(copy, 'Longhaul-local.template.json');
  const { Resources, ...rest } = template.parse(JSON.parse(readFileSync(file, 'utf8')));
  let taken = 0;
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !id.startsWith(grant.policy)) continue;
    for (const one of Properties?.PolicyDocument?.Statement ?? []) {
      const actions = [one.Action].flat();
      if (!actions.includes(grant.action) || !JSON.stringify(one.Resource).includes(grant.resource)) continue;
      // A statement needs an action; this one is never asked for.
      one.Action = [...actions.filter((action) => action !== grant.action), 'iam:ListUsers'];
      taken++;
    }
  }
  if (taken !== 1) throw new Error(`${JSON.stringify(grant)} was found ${taken} times in the template`);
  writeFileSync(file, JSON.stringify({ ...rest, Resources }));
}
