import type { SQSClient } from '@aws-sdk/client-sqs';
import { Caught } from './aws-api/caught.ts';
import { eventsApi } from './aws-api/events-api.ts';
import { invokeApi } from './aws-api/invoke-api.ts';
import { mailApi } from './aws-api/mail-api.ts';
import { mappingApi } from './aws-api/mapping-api.ts';
import { schedulerApi } from './aws-api/scheduler-api.ts';
import { systemClock } from './clock.ts';
import type { DataFolder } from './data-folder/data-folder.ts';
import { Deployed } from './data-folder/deployed.ts';
import type { Emulators } from './emulators/start-emulators.ts';
import { AsyncInvocations } from './lambda/async-invocations.ts';
import type { Functions } from './lambda/functions.ts';
import type { Logs } from './logs.ts';
import { EventSourceMappings } from './mappings/mappings.ts';
import { declaredSchedules, scheduleGroups } from './schedules/declared-schedules.ts';
import { scheduleSchema } from './schedules/schedule.ts';
import { Scheduler } from './schedules/scheduler.ts';
import type { Resource } from './template/resources.ts';

interface Surroundings {
  readonly data: DataFolder;
  readonly emulators: Emulators;
  readonly sqs: SQSClient;
  readonly functions: Functions;
  readonly logs: Logs;
}

export interface EventSources {
  /** Nothing new is started; what runs gets a moment to finish. */
  stop(graceMs: number): Promise<void>;
  drained(): Promise<void>;
}

const clock = systemClock;
const background = { by: 'queue', patienceMs: 1000 } as const;

/** All that starts functions, except requests: schedules, queues, streams and calls; and the services that are just called. */
export async function startEventSources(
  resources: readonly Resource[],
  { data, emulators, sqs, functions, logs }: Surroundings,
): Promise<EventSources> {
  const later = new AsyncInvocations({
    clock,
    invoke: (arn, event) => functions.invoke(arn, event, background),
    log: (arn, text) => logs.alarm(functions.get(arn).name, text),
  });
  const scheduler = startScheduler(resources, { data, functions, logs, later });
  const { dynamodb } = emulators.endpoints;
  const mappings = await EventSourceMappings.start({
    resources,
    data,
    sqs,
    dynamodb,
    functions,
    logs,
    clock,
  });
  const caught = new Caught(data.folder('caught'));
  emulators.awsApi.serve([
    ...schedulerApi({ scheduler, groups: scheduleGroups(resources), clock }),
    ...mappingApi({ mappings, clock }),
    ...invokeApi({ functions, later }),
    ...mailApi({ caught, clock }),
    ...eventsApi({ caught, clock }),
  ]);
  const stop = (graceMs: number) => {
    scheduler.stop();
    later.stop();
    return mappings.stop(graceMs);
  };
  return { stop, drained: () => mappings.drained() };
}

function startScheduler(
  resources: readonly Resource[],
  {
    data,
    functions,
    logs,
    later,
  }: Pick<Surroundings, 'data' | 'functions' | 'logs'> & { later: AsyncInvocations },
): Scheduler {
  const schedules = new Deployed(data.file('schedules.json'), {
    declared: declaredSchedules(resources),
    make: (schedule) => {
      const seconds = clock.now() / 1000;
      return { ...schedule, CreationDate: seconds, LastModificationDate: seconds };
    },
    schema: scheduleSchema,
  });
  return new Scheduler(schedules, {
    clock,
    deliver: async ({ Target }, input) => later.accept(functions.get(Target.Arn).arn, input),
    log: (text) => logs.alarm('scheduler', text),
  });
}
