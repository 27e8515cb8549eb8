import { addressOf } from './console-url.ts';
import type { Notification } from './notification.ts';
import type { Mail } from './ports.ts';

/**
 * The entry as a mail, for readers of text and of HTML. Nothing in it that somebody else wrote is markup. It links to the
 * job if there is a console: the API's own addresses ask for a token, which no reader of mails has.
 */
export function mailOf(
  { title, text, jobId, createdOn, link }: Notification,
  to: string,
  consoleUrl: string | null,
): Mail {
  const address = link === undefined || consoleUrl === null ? undefined : addressOf(link, consoleUrl);
  const links = address === undefined ? [] : [address];
  const facts = [
    ['Job', jobId ?? ''],
    ['Ended', createdOn],
  ] as const;
  return {
    to,
    subject: oneLine(title),
    text: [text, '', ...facts.map(([name, value]) => `${name}: ${value}`), ...links, ''].join('\n'),
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8">',
      `<title>${escaped(title)}</title></head><body>`,
      `<h1>${escaped(title)}</h1><p>${escaped(text)}</p><dl>`,
      ...facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`),
      `</dl>${address === undefined ? '' : `<p><a href="${escaped(address)}">Show the job</a></p>`}`,
      '</body></html>',
    ].join('\n'),
  };
}

/** A subject is a header. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
