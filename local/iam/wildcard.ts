const compiled = new Map<string, RegExp>();

/** Whether a text is what a pattern of a policy describes: `*` is any number of characters, `?` exactly one. */
export function wildcardMatches(pattern: string, text: string): boolean {
  return compile(pattern).test(text);
}

/**
 * Whether an ARN is what a pattern describes. "*" alone is everything; else a wildcard never reaches over one of the first five
 * colons, but within the last part it stands for colons and slashes, too (IAM User Guide, "Resource").
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(arn);
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => wildcardMatches(segment, given[index] ?? ''))
  );
}

const segmentCount = 6;

export function segmentsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, segmentCount - 1), parts.slice(segmentCount - 1).join(':')].slice(
    0,
    parts.length,
  );
}

/** Patterns come from templates only: there are few, and they are asked for with every request. */
function compile(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const parts = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
  const made = new RegExp(`^${parts.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
  compiled.set(pattern, made);
  return made;
}
