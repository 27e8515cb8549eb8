import { types } from 'node:util';

/**
 * Jest runs tests in a realm of its own: there, an error that Node itself has made (the reason of an aborted signal,
 * a failed system call) is no `instanceof Error`, which it is everywhere else. Import this where that matters.
 */
const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: typeof Error, thing: unknown): boolean {
    const isAnyError = this === Error && (types.isNativeError(thing) || thing instanceof DOMException);
    return isAnyError || ordinary.call(this, thing);
  },
});
