import { writeFile } from 'node:fs/promises';
import type { Guide } from './guide.ts';

const SHOWN_CHARACTERS = 110;

/** Downloads the jobs of a token as a spreadsheet reads them, and shows the beginning of each line. */
export async function saveCsv(token: string, file: string, guide: Guide): Promise<void> {
  const text = await guide.csv(`/jobs?dependencyToken=${token}`);
  await writeFile(file, text);
  // The texts of the tour have neither line breaks nor commas.
  const [head = '', ...jobs] = text.trimEnd().split('\r\n');
  guide.answer(`${head.split(',').length} columns, ${jobs.length} jobs:`);
  for (const line of [head, ...jobs]) guide.answer(`${line.slice(0, SHOWN_CHARACTERS)}…`);
  guide.answer(`kept in ${file}`);
}
