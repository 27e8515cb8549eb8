import * as z from 'zod';
import { arn } from '../../template/identities.ts';
import { type Need, need, type ServiceRequest } from './need.ts';
import type { RestOperation } from './rest.ts';

const schedule = z.looseObject({
  GroupName: z.string().default('default'),
  Target: z.looseObject({ RoleArn: z.string() }),
});
const readSchedule = (request: ServiceRequest) => schedule.parse(JSON.parse(request.body));

const oneSchedule = /^\/schedules\/([^/]+)$/;
const groupOfQuery = (name: string, { query }: ServiceRequest) =>
  arn('scheduler', `schedule/${query.get('groupName') ?? 'default'}/${name}`);
const groupOfBody = (name: string, request: ServiceRequest) =>
  arn('scheduler', `schedule/${readSchedule(request).GroupName}/${name}`);

/** Who gives a role away must be allowed to: a right of its own, and easily forgotten. */
const passesRole = (request: ServiceRequest): Need[] => [
  need('iam:PassRole', readSchedule(request).Target.RoleArn, {
    'iam:passedtoservice': ['scheduler.amazonaws.com'],
  }),
];

export const schedulerOperations: readonly RestOperation[] = [
  { action: 'scheduler:GetSchedule', method: 'GET', path: oneSchedule, resource: groupOfQuery },
  { action: 'scheduler:DeleteSchedule', method: 'DELETE', path: oneSchedule, resource: groupOfQuery },
  {
    action: 'scheduler:CreateSchedule',
    method: 'POST',
    path: oneSchedule,
    resource: groupOfBody,
    more: passesRole,
  },
  {
    action: 'scheduler:UpdateSchedule',
    method: 'PUT',
    path: oneSchedule,
    resource: groupOfBody,
    more: passesRole,
  },
  { action: 'scheduler:ListSchedules', method: 'GET', path: /^\/schedules\/?$/ },
];
