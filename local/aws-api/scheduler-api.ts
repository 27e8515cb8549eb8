import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type Schedule, type ScheduleDescription, scheduleDescription } from '../schedules/schedule.ts';
import { type Scheduler, scheduleArn } from '../schedules/scheduler.ts';
import { ApiError, type ApiRequest, json, type Operation, parseBody } from './operation.ts';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly groups: ReadonlySet<string>;
  readonly clock: Clock;
}

const described = z
  .looseObject({ ClientToken: z.unknown().optional() })
  .transform(withoutToken)
  .pipe(scheduleDescription);

/** EventBridge Scheduler: an update replaces the whole schedule, what is not given falls back to its default. */
export function schedulerApi({ scheduler, groups, clock }: Surroundings): Operation[] {
  const existing = (group: string, name: string): Schedule => {
    const schedule = scheduler.get(group, name);
    if (schedule) return schedule;
    throw new ApiError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  };
  const nowSeconds = () => clock.now() / 1000;
  const put = (Name: string, description: ScheduleDescription, CreationDate?: number) => {
    const LastModificationDate = nowSeconds();
    const schedule = {
      ...description,
      Name,
      CreationDate: CreationDate ?? LastModificationDate,
      LastModificationDate,
    };
    scheduler.put(schedule);
    return json({ ScheduleArn: scheduleArn(schedule) });
  };

  return [
    {
      name: 'GetSchedule',
      route: 'GET /schedules/{Name}',
      run: (request) => {
        const schedule = existing(groupOf(request), nameOf(request));
        return json({ ...schedule, Arn: scheduleArn(schedule) });
      },
    },
    {
      name: 'CreateSchedule',
      route: 'POST /schedules/{Name}',
      run: (request) => {
        const description = parseBody(described, request);
        const { GroupName } = description;
        if (!groups.has(GroupName))
          throw new ApiError('ResourceNotFoundException', `Schedule group ${GroupName} does not exist.`, 404);
        if (scheduler.get(GroupName, nameOf(request)))
          throw new ApiError('ConflictException', `Schedule ${nameOf(request)} already exists.`, 409);
        return put(nameOf(request), description);
      },
    },
    {
      name: 'UpdateSchedule',
      route: 'PUT /schedules/{Name}',
      run: (request) => {
        const description = parseBody(described, request);
        return put(
          nameOf(request),
          description,
          existing(description.GroupName, nameOf(request)).CreationDate,
        );
      },
    },
    {
      name: 'DeleteSchedule',
      route: 'DELETE /schedules/{Name}',
      run: (request) => {
        scheduler.delete(existing(groupOf(request), nameOf(request)));
        return json({});
      },
    },
  ];
}

const nameOf = ({ parameters }: ApiRequest) => parameters['Name'] ?? '';
const groupOf = ({ query }: ApiRequest) => query.get('groupName') ?? 'default';

function withoutToken({ ClientToken: _token, ...description }: Record<string, unknown>) {
  return description;
}
