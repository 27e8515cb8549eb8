import type { Chains, Link } from './ports.ts';

/** They have at most some 250 bytes each: a strongly consistent read of so many is one read unit. */
const PLACES_PER_LOOK = 16;

/**
 * The line of a token for a worker that goes along it. The first place of a look is the head. One behind it will be the head when
 * those before it have left, if an earlier look went as far: nothing is ever put in front of a place that could be seen once,
 * so whatever stands before it was there when this look began, and is in it. A place that is in one look only may be there
 * without one before it, which was written while the look went on. Parts of one transaction may be seen one after the other in
 * any case: whoever takes a place looks at what it stands behind (`isHalfSeen`), wherever it was read.
 */
export class LineAhead {
  readonly #token: string;
  readonly #chains: Pick<Chains, 'line'>;
  #ahead: Link[] = [];
  #seenUpTo = 0;
  #isFresh = true;

  constructor(token: string, chains: Pick<Chains, 'line'>) {
    this.#token = token;
    this.#chains = chains;
  }

  /** The head as it is now. */
  async look(): Promise<Link | undefined> {
    const [head, ...others] = await this.#chains.line(this.#token, { limit: PLACES_PER_LOOK });
    this.#ahead = others.filter(({ sequence }) => sequence <= this.#seenUpTo);
    this.#seenUpTo = others.at(-1)?.sequence ?? head?.sequence ?? this.#seenUpTo;
    this.#isFresh = true;
    return head;
  }

  /** The head, the last one having left. It was read a while ago: whether it still stands there, its job says. */
  async next(): Promise<Link | undefined> {
    const known = this.#ahead.shift();
    if (known === undefined) return this.look();
    this.#isFresh = false;
    return known;
  }

  /** The head that is there instead of this one, which was read ahead and would not be taken; undefined if there is none. */
  async insteadOf(link: Link): Promise<Link | undefined> {
    if (this.#isFresh) return undefined;
    const head = await this.look();
    return head?.sequence === link.sequence ? undefined : head;
  }
}
