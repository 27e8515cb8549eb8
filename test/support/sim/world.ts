import type { Json } from '../../../shared/job/json.ts';
import type { Lane } from '../../../shared/job/lane.ts';
import { reprocess } from '../../../shared/operations/reprocess.ts';
import type { Operations } from '../../../shared/service/operation.ts';
import { countingIds } from '../memory/counting-ids.ts';
import { MemoryJobDetails } from '../memory/memory-job-details.ts';
import { Agenda } from './agenda.ts';
import { Chronicle } from './chronicle.ts';
import { Dice } from './dice.ts';
import type { Happening } from './happening.ts';
import { Host } from './host.ts';
import type { Mutation, Scene } from './mutation.ts';
import { type Ports, portsOf, type Services } from './ports.ts';
import {
  type Faults,
  LIMIT_MS,
  NO_FAULTS,
  OUT_SHARE,
  type Profile,
  VISIBILITY_MARGIN_MS,
} from './profile.ts';
import { SimQueue } from './queue.ts';
import { SimTables } from './tables.ts';
import { type Death, Wire } from './wire.ts';
import { type Stage, waiting, workload } from './workload.ts';

/** A Sunday midnight; scans come on every quarter of an hour from then. */
export const START = Date.parse('2026-11-22T00:00:00.000Z');

const LATE_RING_MS = 60_000;

export const OPERATIONS: Operations<Stage> = new Map([
  [workload.name, workload],
  [waiting.name, waiting],
  [reprocess.name, reprocess],
]);

interface Terms {
  readonly seed: number;
  readonly dice: Dice;
  readonly profile: Profile;
  readonly mutation: Mutation;
  readonly death: Death | undefined;
  readonly see: (now: number, happening: Happening) => void;
}

/** The simulated cloud: tables, queues, and processes that die. */
export class World {
  readonly agenda = new Agenda(START);
  readonly chronicle = new Chronicle(START);
  readonly newId = countingIds();
  readonly dice: Dice;
  readonly profile: Profile;
  readonly services: Services;
  readonly #terms: Terms;
  #hosts = 0;
  #hasFaults = true;
  #acting = '';
  onSeriesRead: (seriesId: string) => void = () => undefined;
  /** Nobody answers callbacks any more. */
  isEnding = false;
  /** Made to the outside, by role. */
  readonly calls = new Map<Scene['role'], number>();

  constructor(terms: Terms) {
    this.#terms = terms;
    this.dice = terms.dice;
    this.profile = terms.profile;
    this.services = this.#makeServices();
  }

  readonly tell = (who: string, what: string): void => this.chronicle.note(this.agenda.now, who, what);

  readonly see = (happening: Happening, who = ''): void => {
    this.chronicle.note(this.agenda.now, who, happening);
    this.#terms.see(this.agenda.now, happening);
  };

  endFaults(): void {
    this.#hasFaults = false;
    this.see({ kind: 'faults-end' });
  }

  readonly faultsOf = (role: Scene['role']): Faults => {
    if (!this.#hasFaults) return NO_FAULTS;
    const { clientFaults, workerFaults, outage } = this.profile;
    if (role === 'client' || role === 'scheduler') return clientFaults;
    const ms = this.agenda.now - START;
    const isOut = outage !== undefined && ms >= outage.from && ms < outage.to;
    return isOut ? { ...workerFaults, throttled: OUT_SHARE } : workerFaults;
  };

  /** Until when no function hears of a message: for a while nothing of the service runs. */
  get standsUntil(): number {
    const { from, to } = this.profile.series?.standstill ?? { from: 0, to: 0 };
    const ms = this.agenda.now - START;
    return ms >= from && ms < to ? START + to : 0;
  }

  newHost(name: string, onDeath: () => void = () => undefined, skewMs = this.someSkew()): Host {
    return new Host(`${name}-${++this.#hosts}`, skewMs, (host, cause) => {
      this.see({ kind: 'died', host: host.name, cause }, host.name);
      onDeath();
    });
  }

  someSkew = (): number => this.dice.between(-this.profile.mostSkewMs, this.profile.mostSkewMs);

  portsOf(host: Host, scene: Omit<Scene, 'tables'>): Ports {
    const { agenda, dice, tell, services } = this;
    const acting = (name: string): void => {
      this.#acting = name;
    };
    const wire = new Wire(host, {
      agenda,
      dice,
      tell,
      faults: () => this.faultsOf(scene.role),
      doom: () => this.#doomOf(scene.role),
      acting,
    });
    const ports = portsOf(host, wire, services);
    return this.#terms.mutation.ports?.(ports, { ...scene, tables: services.tables }) ?? ports;
  }

  #doomOf(role: Scene['role']): Death['when'] | undefined {
    const calls = (this.calls.get(role) ?? 0) + 1;
    this.calls.set(role, calls);
    // When faults have stopped nobody dies any more: then everything must come to its end.
    if (!this.#hasFaults) return undefined;
    const { death } = this.#terms;
    return death?.role === role && death.atCall === calls ? death.when : undefined;
  }

  #makeServices(): Services {
    const { agenda, dice, profile } = this;
    const Tables = this.#terms.mutation.tables ?? SimTables;
    const loses = (share: 'ringLost' | 'timerLost') => (): boolean => {
      const isLost = dice.chance(this.faultsOf('worker')[share]);
      if (isLost) this.tell('', share);
      return isLost;
    };
    return {
      agenda,
      dice,
      tables: new Tables({
        now: () => agenda.now,
        spread: () => (dice.chance(0.3) ? dice.between(0, 40) : 0),
        lag: () => (dice.chance(0.5) ? 0 : dice.between(0, profile.mostLagMs)),
        committed: (commit) => this.see({ ...commit, host: this.#acting }),
      }),
      details: new MemoryJobDetails(),
      lanes: { standard: this.#laneQueue('standard'), bulk: this.#laneQueue('bulk') },
      timers: new SimQueue(agenda, { visibilityMs: 30_000, locksGroups: false, dead: () => undefined }),
      losesRing: loses('ringLost'),
      losesTimer: loses('timerLost'),
      cursorSaved: ({ jobId, createdOn }, cursor) =>
        this.see({ kind: 'cursor', jobId, createdOn, step: stepOf(cursor) }),
      seriesRead: (seriesId) => this.onSeriesRead(seriesId),
      timerSent: ({ jobId }, at) => this.see({ kind: 'timer', jobId, at }),
    };
  }

  /** What was received too often goes to the dead letters, whose consumer rings again after a while. */
  #laneQueue(lane: Lane): SimQueue {
    return new SimQueue(this.agenda, {
      visibilityMs: LIMIT_MS[lane] + VISIBILITY_MARGIN_MS,
      locksGroups: this.profile.hasGroupLock,
      dead: ({ ring }) => {
        const at = this.agenda.now + LATE_RING_MS;
        this.services.timers.send(ring, '', { delayMs: LATE_RING_MS, at });
      },
    });
  }
}

function stepOf(cursor: Json): number {
  const isStep = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor);
  const step = isStep ? cursor['step'] : undefined;
  return typeof step === 'number' ? step : 0;
}
