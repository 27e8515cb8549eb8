import * as z from 'zod';
import { managedPolicy } from '../../iam/managed-policies.ts';
import { policyDocument, trustDocument } from '../../iam/policy-document.ts';
import { passedOver, remark, tags } from './passed-over.ts';

const inlinePolicy = z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument });

export const permissionTypes = {
  'AWS::IAM::Role': z.strictObject({
    RoleName: z.string().optional(),
    AssumeRolePolicyDocument: trustDocument,
    Policies: z.array(inlinePolicy).default([]),
    ManagedPolicyArns: z.array(managedPolicy).default([]),
    Description: remark,
    MaxSessionDuration: passedOver('the keys here do not expire'),
    Tags: tags,
  }),

  'AWS::IAM::Policy': inlinePolicy.extend({ Roles: z.array(z.string()).min(1) }),

  'AWS::Lambda::Permission': z.strictObject({
    Action: z.literal('lambda:InvokeFunction'),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
} as const;
