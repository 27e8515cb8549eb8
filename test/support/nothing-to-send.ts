import type { Postman } from '../../shared/service/notifications/retry-due.ts';

/** Of a service whose channels have taken all. */
export const nothingToSend = (): Postman => ({
  resendDue: async () => ({ found: { retried: 0, sent: 0 } }),
});
