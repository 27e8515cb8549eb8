import { describe, expect, it } from '@jest/globals';
import { gif, inspectText, jpeg, png } from '../../../support/inspect/files.ts';

describe('width and height', () => {
  it.each<[string, string, Uint8Array]>([
    ['PNG', 'a.png', png(300, 200)],
    ['JPEG', 'a.jpg', jpeg(300, 200)],
    ['GIF', 'a.gif', gif(300, 200)],
  ])('of a %s', async (_, name, bytes) => {
    const inspection = await inspectText(name, bytes);
    expect(inspection.dimensions).toEqual({ width: 300, height: 200 });
    expect(inspection.failure).toBeUndefined();
  });

  it.each([
    ['in pixels', 'width="30" height="20px"', 30, 20],
    ['in other units', 'width="1in" height="25.4mm"', 96, 96],
    ['from the viewBox', 'viewBox="0 0 24 12"', 24, 12],
    ['from the viewBox, with commas', 'viewBox="0,0,24,12"', 24, 12],
    ['from the viewBox rather than in per cent', 'width="100%" height="100%" viewBox="0 0 24 12"', 24, 12],
    ['one side by the proportions', 'width="48" viewBox="0 0 24 12"', 48, 24],
    ['the other side by the proportions', 'height="24" viewBox="0 0 24 12"', 48, 24],
  ])('of an SVG: %s', async (_, attributes, width, height) => {
    const { dimensions } = await inspectText(
      'a.svg',
      `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`,
    );
    expect(dimensions).toEqual({ width, height });
  });

  it.each([
    '',
    'width="wide" height="1"',
    'width="-1" height="1"',
    'viewBox="0 0 0 0"',
    'width="1e400" height="1"',
  ])('of an SVG are missing, without a fault, with only %j', async (attributes) => {
    const inspection = await inspectText('a.svg', `<svg ${attributes}/>`);
    expect([inspection.dimensions, inspection.failure]).toEqual([undefined, undefined]);
  });
});

describe('a broken image', () => {
  it.each<[string, string, Uint8Array, RegExp]>([
    ['a PNG that is cut in its header', 'a.png', png(3, 2).subarray(0, 20), /cannot be read/],
    ['a PNG that is cut later', 'a.png', png(30, 20).subarray(0, -12), /ends before its data does/],
    ['a PNG without any extent', 'a.png', png(0, 2), /0 × 2/],
    ['a JPEG that is cut before its size', 'a.jpg', jpeg(3, 2).subarray(0, 30), /cannot be read/],
    [
      'a JPEG that is cut in its picture, after a whole preview',
      'a.jpg',
      jpeg(3, 2).subarray(0, -2),
      /ends before/,
    ],
  ])('%s is a failure', async (_, name, bytes, reason) => {
    const inspection = await inspectText(name, bytes);
    expect(inspection).toMatchObject({ kind: 'image', failure: { code: 'image-broken' } });
    expect(inspection.failure?.reason).toMatch(reason);
  });

  it('with something appended is none', async () => {
    const motionPhoto = Buffer.concat([jpeg(3, 2), Buffer.from([0xff, 0xda, 1, 2, 3])]);
    expect((await inspectText('a.jpg', Uint8Array.from(motionPhoto))).failure).toBeUndefined();
  });
});
