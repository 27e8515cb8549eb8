import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stateDiagram } from '../../shared/job/state-diagram.ts';

const FILE = resolve(import.meta.dirname, '../../ARCHITECTURE.md');
const BLOCK = /(<!-- generated: state diagram -->\n```mermaid\n)([\s\S]*?)(\n```)/;

/** The part of ARCHITECTURE.md that follows from the code, as it stands and as it should stand. */
export function generatedPart(): { stands: string; should: string } {
  return { stands: BLOCK.exec(readFileSync(FILE, 'utf8'))?.[2] ?? '', should: stateDiagram() };
}

/** `npm run docs` */
if (import.meta.main) {
  const text = readFileSync(FILE, 'utf8');
  writeFileSync(
    FILE,
    text.replace(BLOCK, (_all, before, _old, after) => `${before}${stateDiagram()}${after}`),
  );
}
