import * as fc from 'fast-check';

/** A mutant is dead at the first counterexample: nobody reads a smaller one. */
fc.configureGlobal({ endOnFailure: true });
