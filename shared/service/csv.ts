import { stringify } from 'csv-stringify/sync';

/** By itself the package quotes the end of a line in a cell only where it is that of the file's own lines. */
const ANY_END_OF_LINE = /[\r\n]/;

/** As spreadsheets read it: what looks like a formula is text. The first lines of a file begin with a `bom`. */
export const csvOf = (rows: readonly (readonly string[])[], { bom = false } = {}): string =>
  stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', escape_formulas: true, quoted_match: ANY_END_OF_LINE, bom },
  );

/** A value as the text of a cell. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
