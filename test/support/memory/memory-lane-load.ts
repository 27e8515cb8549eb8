import type { Lane } from '../../../shared/job/lane.ts';
import type { LaneLoad, Load } from '../../../shared/service/explain/lane-load.ts';

/** Lanes that are as busy as they are told to be, remember who was asked for, and can be out of order. */
export class MemoryLaneLoad implements LaneLoad {
  readonly asked: Lane[] = [];
  now: Omit<Load, 'lane'> = { waiting: 0, inFlight: 0, atOnce: 2 };
  isBroken = false;

  async of(lane: Lane): Promise<Load> {
    this.asked.push(lane);
    if (this.isBroken) throw new Error('The queue is out of order.');
    return { lane, ...this.now };
  }
}
