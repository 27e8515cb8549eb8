import { setTimeout as pause } from 'node:timers/promises';
import type { Guide } from './guide.ts';
import { POLL_MS } from './watch.ts';

interface Inbox {
  readonly items: readonly {
    readonly notificationId: string;
    readonly title: string;
    readonly jobId: string;
  }[];
  readonly unreadCount: number;
}

const PATH = '/notifications?unread=true&limit=5';
/** Entries come within a moment after the end of their job, by the stream of the table. */
const PATIENCE_MS = 20_000;

/** Waits until the inbox tells of a job, shows what is new there, and marks that entry as read. */
export async function showInbox(jobId: string, guide: Guide): Promise<void> {
  guide.repeat(PATH);
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { items, unreadCount } = await guide.again<Inbox>(PATH);
    const entry = items.find((each) => each.jobId === jobId);
    if (entry === undefined && performance.now() <= until) {
      await pause(POLL_MS);
      continue;
    }
    guide.answer(`${unreadCount} unread`);
    for (const { title } of items) guide.answer(title);
    if (entry !== undefined) await guide.post(`/notifications/${entry.notificationId}/read`, {});
    return;
  }
}
