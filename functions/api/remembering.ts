import type { Route } from '../../shared/lambda/http.ts';
import { callerMemory } from '../../shared/service/notifications/remember-caller.ts';

/** Keeps the addresses of those who use these routes, so that they can be told what became of their jobs. */
export function remembering(service: Parameters<typeof callerMemory>[0]): (routes: Route[]) => Route[] {
  const remember = callerMemory(service);
  return (routes) =>
    routes.map((route) => ({
      ...route,
      async handle(request) {
        await remember(request.caller);
        return route.handle(request);
      },
    }));
}
