import type { Incarnation } from '../job/details-key.ts';
import { type Job, MAX_FRIENDLY_MESSAGE, MAX_MESSAGE, TEXT_COLUMNS, type TextColumn } from '../job/job.ts';
import type { JobDetails, OwnJob } from './ports.ts';
import { tokenKey } from './token-key.ts';

/**
 * A row stays within 1 KB, one write unit, whatever people write: a text column carries this many bytes of
 * UTF-8 at most, and the whole text of a longer one is a part of `JobDetails`.
 */
const BYTES_ON_ROW: Record<Exclude<TextColumn, 'dependencyToken'>, number> = {
  name: 64,
  description: 32,
  friendlyMessage: 64,
  message: 28,
};

type Texts = { readonly [column in TextColumn]?: string };

/** What goes to the row: the texts as they fit there, and which of them go on elsewhere. */
export type RowTexts = Texts & { readonly longTexts?: readonly TextColumn[] };

/** Saves what is too long for the row of a new job. */
export function keepOrderTexts(order: Incarnation, texts: Texts, details: JobDetails): Promise<RowTexts> {
  return keep(texts, (column, text) => details.putOrderText(order, column, text));
}

/** How a run ended, in words: saved, fenced, and cut to what a row can carry; goes to the row as it is. */
export async function keepEnding(
  job: OwnJob & Pick<Job, 'longTexts'>,
  { message = '', friendlyMessage = '' }: Texts,
  details: JobDetails,
): Promise<RowTexts> {
  const said = {
    ...(message !== '' && { message: message.slice(0, MAX_MESSAGE) }),
    ...(friendlyMessage !== '' && { friendlyMessage: friendlyMessage.slice(0, MAX_FRIENDLY_MESSAGE) }),
  };
  const { longTexts = [], ...texts } = await keep(said, (column, text) => details.putText(job, column, text));
  const others = (job.longTexts ?? []).filter(
    (column) => column !== 'message' && column !== 'friendlyMessage',
  );
  const long = [...others, ...longTexts];
  const wereSome = job.longTexts !== undefined;
  return { ...texts, ...((long.length > 0 || wereSome) && { longTexts: long }) };
}

async function keep(
  texts: Texts,
  save: (column: TextColumn, text: string) => Promise<void>,
): Promise<RowTexts> {
  const columns = columnsOf(texts).map(([column, text]) => ({
    column,
    text,
    short: shortened(column, text),
  }));
  const long = columns.filter(({ text, short }) => short !== text);
  for (const { column, text } of long) await save(column, text);
  return {
    ...Object.fromEntries(columns.map(({ column, short }) => [column, short])),
    ...(long.length > 0 && { longTexts: long.map(({ column }) => column) }),
  };
}

/** The whole texts of a row's shortened columns. */
export async function wholeTexts(
  { longTexts = [], ...order }: Incarnation & Pick<Job, 'longTexts'>,
  details: JobDetails,
): Promise<Texts> {
  const found = await Promise.all(
    longTexts.map(async (column) => [column, await details.getText(order, column)] as const),
  );
  return Object.fromEntries(found.flatMap(([column, text]) => (text === undefined ? [] : [[column, text]])));
}

const columnsOf = (texts: Texts): [TextColumn, string][] =>
  TEXT_COLUMNS.flatMap((column): [TextColumn, string][] => {
    const text = texts[column];
    return text === undefined ? [] : [[column, text.toWellFormed()]];
  });

const ELLIPSIS = '…';

/** As many whole characters as fit, with an ellipsis if that is not all. */
function shortened(column: TextColumn, text: string): string {
  // Whoever stands in line needs the key of its token; whoever reads, the token.
  if (column === 'dependencyToken') return tokenKey(text);
  const most = BYTES_ON_ROW[column];
  if (Buffer.byteLength(text) <= most) return text;
  let kept = '';
  let bytes = Buffer.byteLength(ELLIPSIS);
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept + ELLIPSIS;
}
