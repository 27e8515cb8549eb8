import type * as fc from 'fast-check';
import type { World } from './a-world.ts';

const PORTS = ['jobs', 'chains', 'details', 'audit', 'doorbell', 'timers'] as const;

/** The same world, each of whose calls to the outside waits until fast-check lets it through. */
export function throughScheduler(world: World, s: fc.Scheduler): World {
  const waiting = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await s.schedule(Promise.resolve(), String(name));
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  return { ...world, ...Object.fromEntries(PORTS.map((name) => [name, waiting(world[name])])) };
}
