import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import peggy from 'peggy';

const folder = resolve(import.meta.dirname, '../../shared/query');
const GRAMMAR = resolve(folder, 'filter.peggy');
const PARSER = resolve(folder, 'filter-parser.mjs');

/** The parser as it stands and as the grammar says it should stand. */
export function generatedParser(): { stands: string; should: string } {
  const should = peggy.generate(readFileSync(GRAMMAR, 'utf8'), {
    output: 'source',
    format: 'es',
    allowedStartRules: ['Filter'],
    grammarSource: 'filter.peggy',
  });
  return { stands: readFileSync(PARSER, { encoding: 'utf8', flag: 'a+' }), should };
}

/** `npm run grammar` */
if (import.meta.main) writeFileSync(PARSER, generatedParser().should);
