import { FaultyTemplate } from '../cannot-start.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { type Schedule, scheduleDescription, scheduleKey } from './schedule.ts';

const secondsOf = (date: string | undefined) => (date === undefined ? undefined : Date.parse(date) / 1000);

export type DeclaredSchedule = Omit<Schedule, 'CreationDate' | 'LastModificationDate'>;

/** The schedules of the template as the Scheduler's API shows them, by group and name. */
export function declaredSchedules(resources: readonly Resource[]): Record<string, DeclaredSchedule> {
  const groups = scheduleGroups(resources);
  const schedules = ofType(resources, 'AWS::Scheduler::Schedule').map((resource) => {
    const { GroupName } = resource.properties;
    if (!groups.has(GroupName))
      throw new FaultyTemplate([
        `${resource.logicalId}: the schedule group ${GroupName} is not in the template`,
      ]);
    return readSchedule(resource);
  });
  return Object.fromEntries(
    schedules.map((schedule) => [scheduleKey(schedule.GroupName, schedule.Name), schedule]),
  );
}

export const scheduleGroups = (resources: readonly Resource[]): ReadonlySet<string> =>
  new Set(['default', ...ofType(resources, 'AWS::Scheduler::ScheduleGroup').map(({ ref }) => ref)]);

function readSchedule({
  ref: Name,
  logicalId,
  properties,
}: Resource<'AWS::Scheduler::Schedule'>): DeclaredSchedule {
  const { Name: _given, StartDate, EndDate, ...description } = properties;
  const dates = { StartDate: secondsOf(StartDate), EndDate: secondsOf(EndDate) };
  const checked = scheduleDescription.safeParse({ ...description, ...dates });
  if (checked.success) return { ...checked.data, Name };
  throw new FaultyTemplate([`${logicalId}: ${checked.error.issues.map(describeIssue).join('; ')}`]);
}

const describeIssue = (issue: { path: PropertyKey[]; message: string }) =>
  `property ${issue.path.map(String).join('.')}: ${issue.message}`;
