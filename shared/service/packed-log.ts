import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';
import { LOG_LEVELS, type LogEntry, type LogLine } from '../job/log-entry.ts';

/**
 * Lines resemble each other, the more so column by column, and with numbers as the differences to those before: fifty lines
 * of a hundred bytes each come to less than half a KB.
 */
const Columns = z.object({
  at: z.array(z.number()),
  level: z.array(z.enum(LOG_LEVELS)),
  text: z.array(z.string()),
  item: z.array(z.string().nullable()),
  eta: z.array(z.number().nullable()),
});

const QUALITY = 5;

export function packLines(lines: readonly LogLine[]): Uint8Array {
  const columns: z.infer<typeof Columns> = {
    at: differences(lines.map(({ at }) => at)),
    level: lines.map(({ level }) => level),
    text: lines.map(({ text }) => text),
    item: lines.map(({ item }) => item ?? null),
    eta: differences(lines.map(({ etaSeconds }) => etaSeconds ?? null)),
  };
  return brotliCompressSync(JSON.stringify(columns), {
    params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY },
  });
}

export function unpackLines({ first, packed }: { first: number; packed: Uint8Array }): LogEntry[] {
  const { at, level, text, item, eta } = Columns.parse(JSON.parse(brotliDecompressSync(packed).toString()));
  const [times, etas] = [sums(at), sums(eta)];
  return text.map((said, place) => {
    const [about, etaSeconds] = [item[place], etas[place]];
    return {
      number: first + place,
      at: times[place] ?? 0,
      level: level[place] ?? 'info',
      text: said,
      ...(typeof about === 'string' && { item: about }),
      ...(typeof etaSeconds === 'number' && { etaSeconds }),
    };
  });
}

/** What is not known is left out of the reckoning. */
function differences<N extends number | null>(values: readonly N[]): N[] {
  let before = 0;
  return values.map((value) => {
    if (value === null) return value;
    const difference = value - before;
    before = value;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number for a number
    return difference as N;
  });
}

function sums(steps: readonly (number | null)[]): (number | null)[] {
  let sum = 0;
  return steps.map((step) => {
    if (step === null) return null;
    sum += step;
    return sum;
  });
}
