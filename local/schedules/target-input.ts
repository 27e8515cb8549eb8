import { accountId, region } from '../template/identities.ts';
import type { Schedule } from './schedule.ts';

/** One delivery of a turn to the target of a schedule. */
export interface Delivery {
  readonly scheduleArn: string;
  readonly turnMs: number;
  readonly executionId: string;
  readonly attempt: number;
}

const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The event of a turn: the input of the schedule with its context attributes filled in, or what AWS sends without one. */
export function targetInput({ Target }: Schedule, delivery: Delivery): string {
  if (Target.Input === undefined) return JSON.stringify(defaultEvent(delivery));
  const attributes: Record<string, string> = {
    'schedule-arn': delivery.scheduleArn,
    'scheduled-time': isoSeconds(delivery.turnMs),
    'execution-id': delivery.executionId,
    'attempt-number': String(delivery.attempt),
  };
  return Target.Input.replaceAll(
    /<aws\.scheduler\.([\w-]+)>/g,
    (whole, name: string) => attributes[name] ?? whole,
  );
}

const defaultEvent = ({ scheduleArn, turnMs, executionId }: Delivery) => ({
  version: '0',
  id: executionId,
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: accountId,
  time: isoSeconds(turnMs),
  region,
  resources: [scheduleArn],
  detail: '{}',
});
