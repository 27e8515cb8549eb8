/** What is ordered: a job that does nothing, perhaps one of a line. */
export interface Order {
  readonly token?: string;
}

/** One of the two that are compared: the service, or the floor under it. */
export interface Contender {
  readonly name: 'service' | 'floor';
  /** Where its rows lie. */
  readonly table: string;
  create(order: Order): Promise<string>;
  /** Their ids, in the order of the orders. */
  createAll(orders: readonly Order[]): Promise<string[]>;
  /** Its consumers run from now on. */
  begin(): void;
  /** Resolves when they have stopped. */
  end(): Promise<void>;
}
