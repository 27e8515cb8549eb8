import { arn } from '../../template/identities.ts';
import type { RestOperation } from './rest.ts';

const functionArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn}`);
const mappingArn = (uuid: string) => arn('lambda', `event-source-mapping:${uuid}`);

const oneMapping = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/;

export const lambdaOperations: readonly RestOperation[] = [
  {
    action: 'lambda:InvokeFunction',
    method: 'POST',
    path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
    resource: functionArn,
  },
  {
    action: 'lambda:GetFunctionConfiguration',
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    resource: functionArn,
  },
  {
    action: 'lambda:GetFunction',
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)$/,
    resource: functionArn,
  },
  {
    action: 'lambda:ListEventSourceMappings',
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/?$/,
  },
  { action: 'lambda:GetEventSourceMapping', method: 'GET', path: oneMapping, resource: mappingArn },
  { action: 'lambda:UpdateEventSourceMapping', method: 'PUT', path: oneMapping, resource: mappingArn },
  { action: 'lambda:DeleteEventSourceMapping', method: 'DELETE', path: oneMapping, resource: mappingArn },
];
