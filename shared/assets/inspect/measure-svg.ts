import type { Dimensions } from './inspection.ts';

/** CSS pixels in one of each; `em` and `ex` by the browsers' default font. */
const units = new Map([
  ['', 1],
  ['px', 1],
  ['pt', 96 / 72],
  ['pc', 16],
  ['in', 96],
  ['cm', 96 / 2.54],
  ['mm', 96 / 25.4],
  ['em', 16],
  ['ex', 8],
]);

/** `width` and `height` of the root, or what is missing (or in per cent) by the proportions of the `viewBox`. */
export function measureSvg(attributes: ReadonlyMap<string, string>): Dimensions | undefined {
  const [, , boxWidth, boxHeight] = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const box = boxWidth && boxHeight ? { width: boxWidth, height: boxHeight } : undefined;
  const width = pixels(attributes.get('width'));
  const height = pixels(attributes.get('height'));
  const ratio = box && box.width / box.height;
  if (width && height) return rounded(width, height);
  if (width && ratio) return rounded(width, width / ratio);
  if (height && ratio) return rounded(height * ratio, height);
  return box && rounded(box.width, box.height);
}

function pixels(length: string | undefined): number | undefined {
  const [, number, unit = ''] = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(length ?? '') ?? [];
  const factor = units.get(unit.toLowerCase());
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function rounded(width: number, height: number): Dimensions | undefined {
  const isSize = Number.isFinite(width) && Number.isFinite(height) && width > 0 && height > 0;
  return isSize ? { width: Math.round(width), height: Math.round(height) } : undefined;
}
