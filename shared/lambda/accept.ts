/** A media range of an `Accept` header, and how much it is wanted. */
interface Range {
  readonly type: string;
  readonly weight: number;
}

/** Whether a client would rather have this type than JSON: what it names beats what it would take as well. */
export function prefersTo(accept: string | undefined, other: string): boolean {
  const ranges = rangesOf(accept ?? '*/*');
  const [json, wanted] = [matchOf('application/json', ranges), matchOf(other, ranges)];
  if (wanted === undefined || wanted.weight === 0) return false;
  if (json === undefined || wanted.weight !== json.weight) return wanted.weight > (json?.weight ?? 0);
  if (wanted.precision !== json.precision) return wanted.precision > json.precision;
  return wanted.place < json.place;
}

const rangesOf = (accept: string): Range[] =>
  accept
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
      return { type, weight: Number.isNaN(weight) ? 0 : weight };
    });

/** What the most precise range says of a type. */
function matchOf(
  type: string,
  ranges: readonly Range[],
): { weight: number; precision: number; place: number } | undefined {
  const forms = ['*/*', `${type.split('/')[0]}/*`, type];
  return ranges
    .map((range, place) => ({ weight: range.weight, precision: forms.indexOf(range.type), place }))
    .filter(({ precision }) => precision >= 0)
    .toSorted((a, b) => b.precision - a.precision)[0];
}
