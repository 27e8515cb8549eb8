import { TICKET_SECONDS } from './ports.ts';

/** The last PUT begins just before its ticket ends; in another hour 5 GiB have come at 1.5 MB a second. */
const LAST_UPLOAD_MS = 3_600_000;

/**
 * From then on the service has a file processed by itself. By now whoever announced it would have ordered that, and
 * what has not come will not: sooner, it would be recorded as missing while it is on its way.
 */
export const GRACE_MS = TICKET_SECONDS * 1_000 + LAST_UPLOAD_MS;

/** Whatever was announced by then, and not processed since, is overdue. UTC ISO 8601. */
export const overdueBy = (now: number): string => new Date(now - GRACE_MS).toISOString();
