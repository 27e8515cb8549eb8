import { purge } from '../shared/operations/purge.ts';
import { duty } from './wiring/duty.ts';

/** The purge's schedule: every day at 1 AM. */
export const handler = duty(purge);
