/**
 * The bytes that DynamoDB counts for an item: the names of its attributes in UTF-8, and their values.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item)
    .filter(([, value]) => value !== undefined)
    .reduce((size, [name, value]) => size + Buffer.byteLength(name) + valueSize(value), 0);

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  // 3 bytes for a list or map, 1 for each element.
  if (Array.isArray(value)) return value.reduce<number>((size, one) => size + 1 + valueSize(one), 3);
  throw new Error(`No row of ours holds a ${typeof value}.`);
}

/** About one byte for two significant digits, and one more; another one below zero. */
function numberSize(value: number): number {
  const digits = String(Math.abs(value)).replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0);
}
