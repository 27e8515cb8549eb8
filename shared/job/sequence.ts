/** One millisecond holds this many sequences; 2^53 / 2048 milliseconds reach past the year 2109. */
export const SEQUENCES_PER_MS = 2048;

/** Gives numbers that grow with creation and stay exact as JSON numbers (below 2^53). */
export type NextSequence = () => number;

/**
 * The numbers of one creator grow strictly, also when its clock stands still or goes back. A millisecond is
 * entered at a random place, so that two creators rarely hand out the same number; where they do, lists
 * order by job id as well, and a token's tail refuses what is not above it.
 */
export function sequenceMaker(now: () => number, random: () => number): NextSequence {
  let last = 0;
  return () => {
    const place = Math.floor(random() * SEQUENCES_PER_MS);
    last = Math.max(last + 1, now() * SEQUENCES_PER_MS + place);
    return last;
  };
}

/** The first sequence that a job created at this instant could have. */
export const sequenceAt = (ms: number): number => ms * SEQUENCES_PER_MS;

/** The instant in which a sequence was given out. */
export const msOfSequence = (sequence: number): number => Math.floor(sequence / SEQUENCES_PER_MS);
