import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../../shared/job/status.ts';
import { eventOf } from '../../../../shared/service/notifications/event-of.ts';
import { mailOf } from '../../../../shared/service/notifications/mail-of.ts';
import { type Notification, timedId } from '../../../../shared/service/notifications/notification.ts';
import { aJob, aRunningJob, at } from '../../../support/a-job.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';

const entry = (facts: Partial<Notification> = {}): Notification => ({
  userId: 'olga',
  notificationId: timedId(at(), 'x'),
  jobId: 'job-1',
  operation: 'count-to',
  title: 'Count - SUCCESS',
  text: '"Count" has completed successfully.',
  createdOn: at(),
  ...facts,
});

describe('a mail', () => {
  it('says of the job what the inbox says, which job it is, and when it ended', () => {
    const { to, subject, text, html } = mailOf(entry(), 'olga@example.com', null);
    expect([to, subject]).toEqual(['olga@example.com', 'Count - SUCCESS']);
    expect(text).toBe(`"Count" has completed successfully.\n\nJob: job-1\nEnded: ${at()}\n`);
    expect(html.split('\n')).toEqual([
      '<!doctype html><html lang="en"><head><meta charset="utf-8">',
      '<title>Count - SUCCESS</title></head><body>',
      '<h1>Count - SUCCESS</h1><p>&quot;Count&quot; has completed successfully.</p><dl>',
      '<dt>Job</dt><dd>job-1</dd>',
      `<dt>Ended</dt><dd>${at()}</dd>`,
      '</dl>',
      '</body></html>',
    ]);
  });

  it('has nothing in it that somebody else wrote and that is markup', () => {
    const text = `<a href="x" title='y'>&</a>`;
    const { html } = mailOf(entry({ text, title: '<b>' }), 'olga@example.com', null);
    expect(html).toContain('<p>&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;</p>');
    expect(html).toContain('<title>&lt;b&gt;</title>');
    expect(html).toContain('<h1>&lt;b&gt;</h1>');
  });

  it('has a subject of one line, for a subject is a header', () => {
    const { subject } = mailOf(entry({ title: 'Count\r\n\tBcc: all@example.com' }), 'olga@example.com', null);
    expect(subject).toBe('Count Bcc: all@example.com');
  });
});

describe('an event', () => {
  it('says what a program needs to find the job and to decide', () => {
    const job = aRunningJob({
      statusCode: Status.Failed,
      completedOn: at(5),
      modifiedOn: at(5),
      dependencyToken: 'orders',
      errorCode: 4,
    });
    expect(eventOf({ changeId: 'c1', job, before: Status.InProgress })).toEqual({
      type: 'Job Completed',
      at: at(5),
      detail: {
        changeId: 'c1',
        jobId: job.jobId,
        operation: 'count-to',
        name: 'Count',
        statusCode: 31,
        shownAs: 'Fail',
        statusCodeBefore: 20,
        createdBy: 'olga',
        ownerId: 'olga',
        createdOn: at(),
        modifiedOn: at(5),
        completedOn: at(5),
        dependencyToken: 'orders',
        errorCode: 4,
      },
    });
  });

  it('has null where a job has nothing: every column is there', () => {
    const { type, detail } = eventOf({ changeId: 'c1', job: aJob() });
    expect(type).toBe('Job State Changed');
    expect(detail).toMatchObject({
      statusCodeBefore: null,
      completedOn: null,
      dependencyToken: null,
      errorCode: null,
    });
  });
});

describe('an id of a moment', () => {
  it('is a UUID of version 7 that begins with it', () => {
    const id = timedId(at(), 'seed');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(NOON);
  });

  it('is the same for the same, and another for another seed or moment', () => {
    expect(timedId(at(), 'a')).toBe(timedId(at(), 'a'));
    expect(new Set([timedId(at(), 'a'), timedId(at(), 'b'), timedId(at(1), 'a')]).size).toBe(3);
    expect(timedId(at(), 'z') < timedId(at(1), 'a')).toBe(true);
  });
});
