import type { Json } from '../../../shared/job/json.ts';
import type { Lane } from '../../../shared/job/lane.ts';
import type { Audit } from '../../../shared/service/audit.ts';
import type { LogStore } from '../../../shared/service/log-store.ts';
import type {
  Chains,
  Clock,
  Doorbell,
  JobDetails,
  JobStore,
  OwnJob,
  Ring,
  Timers,
} from '../../../shared/service/ports.ts';
import type { SeriesStore } from '../../../shared/service/series/series.ts';
import { MemoryJobDetails } from '../memory/memory-job-details.ts';
import type { Agenda } from './agenda.ts';
import type { Dice } from './dice.ts';
import type { Host } from './host.ts';
import type { SimQueue } from './queue.ts';
import { seriesOver } from './series-port.ts';
import type { SimTables } from './tables.ts';
import { type Call, Wire } from './wire.ts';

/** What the service needs of the world, as one process of it sees it. */
export interface Ports {
  readonly clock: Clock;
  readonly alarm: (ms: number, then: () => void) => () => void;
  readonly jobs: JobStore;
  readonly chains: Chains;
  readonly details: JobDetails;
  readonly audit: Audit;
  readonly logs: LogStore;
  readonly series: SeriesStore;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
}

/** The services behind the ports. */
export interface Services {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly tables: SimTables;
  readonly details: MemoryJobDetails;
  readonly lanes: Readonly<Record<Lane, SimQueue>>;
  readonly timers: SimQueue;
  /** Whether a message that was sent gets lost. */
  readonly losesRing: () => boolean;
  readonly losesTimer: () => boolean;
  readonly cursorSaved: (own: OwnJob, cursor: Json) => void;
  readonly timerSent: (ring: Ring, at: number) => void;
  /** Whoever reads a series is about to change it. */
  readonly seriesRead: (seriesId: string) => void;
}

const LONGEST_DELAY_SECONDS = 900;

export function portsOf(host: Host, wire: Wire, services: Services): Ports {
  const { agenda } = services;
  const clock = (): number => Math.round(agenda.now) + host.skewMs;
  return {
    clock,
    alarm: (ms, then) => alarm(ms, then, host, agenda),
    jobs: jobsOver(wire, services),
    chains: chainsOver(wire, services),
    details: detailsOver(wire, services),
    audit: auditOver(wire, services),
    logs: logsOver(wire, services),
    series: seriesOver(wire, services),
    doorbell: doorbellOver(wire, services),
    timers: timersOver(wire, services, clock),
  };
}

function alarm(ms: number, then: () => void, host: Host, agenda: Agenda): () => void {
  const over = host.begins(`alarm of ${ms} ms`);
  const callOff = agenda.after(ms, () => {
    over();
    if (!host.isDead) then();
  });
  return () => {
    over();
    callOff();
  };
}

type Rest<T> = Pick<Call<T>, 'freeAt' | 'isOnce'>;

/** Calls by name: reads see what is visible, writes wait for their answer until all of it is. */
const caller = (wire: Wire, { tables }: Services) => ({
  read: <T>(what: string, effect: () => T): Promise<T> => wire.call({ what, effect, isWrite: false }),
  write: <T>(what: string, effect: () => T, rest: Rest<T> = {}): Promise<T> =>
    wire.call({ what, effect, isWrite: true, settledAt: () => tables.settledAt, ...rest }),
});

const shortOf = (jobId: string): string => jobId.slice(-3);

function jobsOver(wire: Wire, services: Services): JobStore {
  const { tables, dice } = services;
  const { read, write } = caller(wire, services);
  return {
    insert: (job) => write(`insert ${shortOf(job.jobId)}`, () => tables.insert(job)),
    insertAll: async (jobs) =>
      jobs.length === 0
        ? new Set()
        : write(`insert ${jobs.length} jobs`, () => {
            for (const job of jobs) tables.insert(job);
            return new Set(jobs.map(({ jobId }) => jobId));
          }),
    get: (jobId) => read(`get ${shortOf(jobId)}`, () => tables.get(jobId)),
    getAll: (jobIds) => read('get all', () => jobIds.flatMap((jobId) => tables.getLagging(jobId) ?? [])),
    make: (step) =>
      write(`${step.verb} ${shortOf(step.jobId)}`, () => tables.make(step), {
        isOnce: step.line !== undefined || step.note !== undefined,
        freeAt: () => tables.freeAt([step.jobId], step.line?.token),
      }),
    remove: (step) =>
      write(`delete ${shortOf(step.jobId)}`, () => tables.remove(step), {
        isOnce: step.line !== undefined,
        freeAt: () => tables.freeAt([step.jobId], step.line?.token),
      }),
    // Short pages, so that whoever reads them has to go on.
    due: (query) => read('due', () => tables.due({ ...query, limit: dice.pick([3, query.limit]) })),
    timeline: () => Promise.reject(new Error('Nobody reads the timeline here.')),
  };
}

function chainsOver(wire: Wire, services: Services): Chains {
  const { tables, dice } = services;
  const { read, write } = caller(wire, services);
  return {
    append: (entries, watchAt) => {
      const ids = entries.map(({ job }) => job.jobId);
      const token = entries[0]?.job.dependencyToken;
      return write(`append ${ids.map(shortOf).join(' ')}`, () => tables.append(entries, watchAt), {
        isOnce: true,
        freeAt: () => tables.freeAt(ids, token),
      });
    },
    head: (token) => read(`head of ${token}`, () => tables.head(token)),
    line: (token, part) => read(`line of ${token}`, () => tables.line(token, part)),
    tail: (token) => read(`tail of ${token}`, () => tables.tail(token)),
    watched: (query) =>
      read('watched', () => tables.watched({ ...query, limit: dice.pick([1, query.limit]) })),
    watch: (seen, change) =>
      write(`watch ${seen.token}`, () => tables.watch(seen, change), {
        freeAt: () => tables.freeAt([], seen.token),
      }),
    removeOrphan: (link) =>
      write(`remove orphan ${shortOf(link.jobId)}`, () => tables.removeOrphan(link), {
        isOnce: true,
        freeAt: () => tables.freeAt([link.jobId], link.token),
      }),
  };
}

function detailsOver(wire: Wire, { details, cursorSaved }: Services): JobDetails {
  const read = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    wire.call({ what, effect, isWrite: false });
  const write = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    wire.call({ what, effect, isWrite: true });
  return {
    putInput: (...args) => write('put input', () => details.putInput(...args)),
    getInput: (...args) => read('get input', () => details.getInput(...args)),
    putOrderText: (...args) => write('put text', () => details.putOrderText(...args)),
    putText: (...args) => write('put text', () => details.putText(...args)),
    getText: (...args) => read('get text', () => details.getText(...args)),
    saveCursor: (own, cursor) =>
      write(`save cursor of ${shortOf(own.jobId)}`, async () => {
        await details.saveCursor(own, cursor);
        cursorSaved(own, cursor);
      }),
    getCursor: (...args) => read('get cursor', () => details.getCursor(...args)),
    putResult: (...args) => write('put result', () => details.putResult(...args)),
    getResult: (...args) => read('get result', () => details.getResult(...args)),
    openCallback: (...args) => write('open callback', () => details.openCallback(...args)),
    getCallback: (...args) => read('get callback', () => details.getCallback(...args)),
    answerCallback: (...args) => write('answer callback', () => details.answerCallback(...args)),
    endCallback: (...args) => write('end callback', () => details.endCallback(...args)),
    removeAll: (...args) => write('remove details', () => details.removeAll(...args)),
  };
}

function auditOver(wire: Wire, { details: { audit } }: Services): Audit {
  return {
    add: (...args) => wire.call({ what: 'note', effect: () => audit.add(...args), isWrite: true }),
    latest: (...args) => wire.call({ what: 'audit', effect: () => audit.latest(...args), isWrite: false }),
  };
}

function logsOver(wire: Wire, { details: { logs } }: Services): LogStore {
  const read = <T>(effect: () => Promise<T>): Promise<T> =>
    wire.call({ what: 'read the log', effect, isWrite: false });
  const write = (effect: () => Promise<void>): Promise<void> =>
    wire.call({ what: 'write the log', effect, isWrite: true });
  return {
    putPage: (...args) => write(() => logs.putPage(...args)),
    pages: (...args) => read(() => logs.pages(...args)),
    putSegment: (...args) => write(() => logs.putSegment(...args)),
    segments: (...args) => read(() => logs.segments(...args)),
    readSegment: (...args) => read(() => logs.readSegment(...args)),
    dropSegment: (...args) => write(() => logs.dropSegment(...args)),
  };
}

function doorbellOver(wire: Wire, { lanes, losesRing }: Services): Doorbell {
  const send = (ring: Ring): void => {
    if (!losesRing()) lanes[ring.lane].send(ring, ring.token ?? ring.jobId);
  };
  return {
    ring: (ring) => wire.call({ what: wordsOf(ring), effect: () => send(ring), isWrite: true }),
    ringAll: (rings) =>
      wire.call({
        what: `ring ${rings.length} times`,
        effect: () => {
          for (const ring of rings) send(ring);
          return new Set<number>();
        },
        isWrite: true,
      }),
  };
}

const wordsOf = ({ jobId, token, lane }: Ring): string => `ring ${lane} for ${token ?? ''}/${shortOf(jobId)}`;

function timersOver(wire: Wire, services: Services, clock: Clock): Timers {
  return {
    set: (ring, at) =>
      wire.call({
        what: `timer of ${shortOf(ring.jobId)} in ${Math.round((at - clock()) / 1_000)} s`,
        effect: () => {
          services.timerSent(ring, at);
          if (services.losesTimer()) return;
          const seconds = Math.ceil((at - clock()) / 1_000);
          const delayMs = Math.min(Math.max(seconds, 0), LONGEST_DELAY_SECONDS) * 1_000;
          services.timers.send(ring, '', { delayMs, at });
        },
        isWrite: true,
      }),
  };
}
