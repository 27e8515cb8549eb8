import * as z from 'zod';

const MOST = 500;
const RULE =
  'Must be an https address without user, password and query, such as https://longhaul.example.com/console/#.';

/** Where people look at jobs in a browser. Paths such as `/jobs/<id>` are put behind it, so it may end with a `#`. */
export const ConsoleUrl = z
  .string()
  .max(MOST)
  .refine(isAddress, { error: RULE })
  .transform((text) => new URL(text).href);

function isAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.search !== '') return false;
  const isOwnMachine = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOwnMachine);
}

/** The address of what an entry leads to. */
export const addressOf = (link: string, consoleUrl: string): string => consoleUrl.replace(/\/$/, '') + link;
