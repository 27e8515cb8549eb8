import * as z from 'zod';
import { arn } from '../../template/identities.ts';
import { type Need, need, type ServiceRequest, type Wanted } from './need.ts';

const email = z.looseObject({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().optional(),
  Content: z.looseObject({
    Raw: z.unknown().optional(),
    Template: z.looseObject({ TemplateName: z.string().optional() }).optional(),
  }),
});

/** SES version 2. */
export function sesWanted({ method, path, body }: ServiceRequest): Wanted {
  if (method !== 'POST' || path !== '/v2/email/outbound-emails')
    return { operation: `${method} ${path}`, needs: undefined };
  const { FromEmailAddress, ConfigurationSetName, Content } = email.parse(JSON.parse(body));
  const action = Content.Raw === undefined ? 'ses:SendEmail' : 'ses:SendRawEmail';
  const address = /<([^>]+)>/.exec(FromEmailAddress)?.[1] ?? FromEmailAddress;
  const context = { 'ses:fromaddress': [address] };
  const sender: Need = { action, resources: identitiesOf(address), context };
  const others = [
    ConfigurationSetName && `configuration-set/${ConfigurationSetName}`,
    Content.Template?.TemplateName && `template/${Content.Template.TemplateName}`,
  ].filter((name) => name !== undefined && name !== '');
  return {
    operation: action,
    needs: [sender, ...others.map((name) => need(action, arn('ses', String(name)), context))],
  };
}

/** Either the address or its domain may be the identity that is verified. */
const identitiesOf = (address: string): Need['resources'] => [
  arn('ses', `identity/${address}`),
  arn('ses', `identity/${address.split('@').at(-1) ?? ''}`),
];
