import { TEXT_COLUMNS, type TextColumn } from '../job/job.ts';
import type { Claim } from '../job/transition.ts';
import type { JobDetails } from './ports.ts';

/**
 * A row stays within 1 KB, one write unit, whatever people write: a text column carries this many bytes of
 * UTF-8 at most, and the whole text of a longer one is a part of `JobDetails`.
 */
const BYTES_ON_ROW: Record<TextColumn, number> = {
  name: 100,
  description: 100,
  friendlyMessage: 100,
  message: 64,
};

type Texts = { readonly [column in TextColumn]?: string };

/** What goes to the row: the texts as they fit there, and which of them go on elsewhere. */
export type RowTexts = Texts & { readonly longTexts?: readonly TextColumn[] };

/** Saves what is too long for the row, fenced like all writes of a worker; a creator's claim number is 0. */
export async function keepTexts(own: Claim, texts: Texts, details: JobDetails): Promise<RowTexts> {
  const columns = columnsOf(texts).map(([column, text]) => ({
    column,
    text,
    short: shortened(column, text),
  }));
  const long = columns.filter(({ text, short }) => short !== text);
  for (const { column, text } of long) await details.putText(own, column, text);
  return {
    ...Object.fromEntries(columns.map(({ column, short }) => [column, short])),
    ...(long.length > 0 && { longTexts: long.map(({ column }) => column) }),
  };
}

/** The whole texts of a row's shortened columns. */
export async function wholeTexts(
  { jobId, longTexts = [] }: { jobId: string; longTexts?: readonly TextColumn[] },
  details: JobDetails,
): Promise<Texts> {
  const found = await Promise.all(
    longTexts.map(async (column) => [column, await details.getText(jobId, column)] as const),
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
