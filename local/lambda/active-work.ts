import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/**
 * What keeps the process busy now and did not before, by kind ("Timeout", "TCPSocketWrap", …). Sockets that are kept alive
 * between requests, and everything else that is unref'd, do not count: Node leaves them out of its list. Connections take a
 * moment to be put back after their last byte, so work is reported only if it outlasts a few looks.
 */
export async function workLeftBehind(before: readonly string[]): Promise<string[]> {
  for (const pauseMs of [0, 5, 20, 50]) {
    await (pauseMs === 0 ? nextTurn() : delay(pauseMs));
    if (added(before, process.getActiveResourcesInfo()).length === 0) return [];
  }
  return added(before, process.getActiveResourcesInfo());
}

/** The elements of `after` that `before` does not account for, one by one. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  const known = [...before];
  return after.filter((kind) => {
    const at = known.indexOf(kind);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}
