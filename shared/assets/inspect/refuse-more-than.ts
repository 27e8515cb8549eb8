import { InspectionFailure } from './inspection.ts';

/** For what would take more memory than there is. */
export function refuseMoreThan(most: number, count: number, what: string): void {
  if (count <= most) return;
  throw new InspectionFailure(
    'too-large',
    `too large to be parsed: more than ${most.toLocaleString('en')} ${what}`,
  );
}
