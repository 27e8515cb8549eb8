import type { LinePart, Link } from '../../../shared/service/ports.ts';
import { Item } from './item.ts';

export interface Tail {
  readonly last: number;
  readonly watchAt: string | undefined;
}

/** The items of one token: its tail, and the places of those who stand in line. */
export class SimLine {
  readonly tail = new Item<Tail>();
  /** When all parts of its last transaction are visible: the next one takes longer to come than they do. */
  settledAt = 0;
  readonly #places = new Map<number, Item<Link>>();

  place(sequence: number): Item<Link> {
    const place = this.#places.get(sequence) ?? new Item<Link>();
    this.#places.set(sequence, place);
    return place;
  }

  /** The first place that can be seen at this moment. */
  head(moment: number): Link | undefined {
    let head: Link | undefined;
    for (const place of this.#places.values()) {
      const link = place.asOf(moment);
      if (link !== undefined && (head === undefined || link.sequence < head.sequence)) head = link;
    }
    return head;
  }

  /** The places that can be seen at this moment, oldest first. */
  seen(moment: number, { after = 0, upTo = Number.MAX_SAFE_INTEGER, limit }: LinePart): Link[] {
    return [...this.#places.values()]
      .flatMap((place) => place.asOf(moment) ?? [])
      .filter(({ sequence }) => sequence > after && sequence <= upTo)
      .toSorted((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }
}
