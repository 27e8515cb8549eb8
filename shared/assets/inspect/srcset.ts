const candidate = /[\s,]*(\S+)/y;
const descriptors = /[^,]*/y;

/** The addresses of a `srcset`: `a.png 1x, b.png 2x`. A comma ends an address only at its end; `data:` contains some. */
export function srcsetTargets(value: string): string[] {
  const targets: string[] = [];
  for (candidate.lastIndex = 0; ; ) {
    const [, found] = candidate.exec(value) ?? [];
    if (found === undefined) return targets;
    const address = found.replace(/,+$/, '');
    if (address !== '') targets.push(address);
    if (address === found) candidate.lastIndex = endOfDescriptors(value, candidate.lastIndex);
  }
}

function endOfDescriptors(value: string, from: number): number {
  descriptors.lastIndex = from;
  descriptors.test(value);
  return descriptors.lastIndex;
}
