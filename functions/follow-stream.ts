import { makeTables } from '../shared/aws/clients.ts';
import { jobChangeOf } from '../shared/aws/job-change.ts';
import {
  MailEnvironment,
  NotificationEnvironment,
  readEnvironment,
  SettingsEnvironment,
} from '../shared/lambda/environment.ts';
import { streamHandler } from '../shared/lambda/stream.ts';
import { ResendRequest, resend } from '../shared/service/notifications/resend.ts';
import { DueRequest, resendDue } from '../shared/service/notifications/resend-due.ts';
import { notificationSettings, tell } from '../shared/service/notifications/tell.ts';
import { jobTeller } from './wiring/teller.ts';

const environment = readEnvironment({
  ...NotificationEnvironment,
  ...SettingsEnvironment,
  ...MailEnvironment,
});
const teller = jobTeller({ tables: makeTables() }, environment);

const follow = streamHandler({
  read: jobChangeOf,
  prepare: () => notificationSettings(teller),
  handle: (change, wanted) => tell(change, wanted, teller),
});

/** The consumer of the stream of jobs: tells what became of them. The API and the scan ask it to send again what could not be sent. */
export const handler = (event: Parameters<typeof follow>[0]) => {
  const one = ResendRequest.safeParse(event);
  if (one.success) return resend(one.data, teller);
  const due = DueRequest.safeParse(event);
  return due.success ? resendDue(due.data, teller) : follow(event);
};
