/** Most texts have none, and are told so faster. */
const hint = /https?:|www\.|@/i;
const address =
  /(?<![^\s\p{P}\p{S}])(?:(?<protocol>https?:\/\/)|(?=www\.))(?<host>[\w-]*\.[\w.-]*)[^\t\n\r ]*|(?<![\w+.-])(?<scheme>mailto:|xmpp:)?(?<mailbox>[\w+.-]+@[\w-]+(?:\.[\w-]+)+)/giu;
const punctuation = /[!"&'),.:;<>?\]}]/;

/** The addresses that GitHub makes links of where they stand bare in a text: `https:`, `www.` and mail. */
export function* bareAddresses(text: string): Generator<string> {
  if (!hint.test(text)) return;
  for (const { 0: found, groups = {} } of text.matchAll(address)) {
    const { protocol = '', host = '', scheme = 'mailto:', mailbox } = groups;
    if (mailbox !== undefined) {
      if (!/[\d_-]$/.test(mailbox)) yield scheme + mailbox;
    } else if (isHost(host)) yield (protocol === '' ? 'http://' : '') + withoutPunctuation(found);
  }
}

/** Of its last two parts (the last may be empty), none has an underscore, and each a letter or digit. */
function isHost(host: string): boolean {
  const parts = host.split('.').slice(-2);
  return (
    /^\w/.test(host) && parts.every((part) => part === '' || (/[a-z\d]/i.test(part) && !part.includes('_')))
  );
}

/** What ends a sentence ends an address, except a bracket that was opened inside: `https://x.y/z_(a)`. */
function withoutPunctuation(found: string): string {
  let end = found.length;
  while (punctuation.test(found.charAt(end - 1))) end--;
  let unclosed = count(found.slice(0, end), '(') - count(found.slice(0, end), ')');
  for (let at = end; unclosed > 0; unclosed--) {
    at = found.indexOf(')', at) + 1;
    if (at === 0) break;
    end = at;
  }
  return found.slice(0, end);
}

const count = (text: string, character: string): number => text.split(character).length - 1;
