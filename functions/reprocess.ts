import { reprocess } from '../shared/operations/reprocess.ts';
import { duty } from './wiring/duty.ts';

/** The reprocessing scan's schedule: every quarter of an hour. */
export const handler = duty(reprocess);
