import { createHash } from 'node:crypto';

/** With this key the runtime does itself what AWS does behind the scenes: it may do everything. */
export const runtimeKey = 'LONGHAULLOCALRUNTIME';

/** Each function has a key of its own, so that it can be told who calls. */
export function accessKeyOf(functionName: string): string {
  const digest = createHash('sha256').update(functionName).digest('hex').toUpperCase();
  return `LOCAL${digest.slice(0, 15)}`;
}
