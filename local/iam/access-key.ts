import { createHash } from 'node:crypto';

/** With this key the runtime does itself what AWS does behind the scenes: it may do everything. */
export const runtimeKey = 'LONGHAULLOCALRUNTIME';

/** Each function has a key of its own, so that it can be told who calls. */
export function accessKeyOf(functionName: string): string {
  return `LOCAL${digestOf(functionName).toUpperCase().slice(0, 15)}`;
}

/** What a key signs with. It guards nothing here; it lets a signature that does not fit its request be told. */
export const secretKeyOf = (accessKey: string): string => digestOf(`secret of ${accessKey}`).slice(0, 40);

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
