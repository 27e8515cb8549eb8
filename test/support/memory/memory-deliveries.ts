import type { Deliveries, FailedDelivery, Retry } from '../../../shared/service/notifications/ports.ts';

/** What could not be sent, in memory; passes the same contract suite as that on DynamoDB. */
export class MemoryDeliveries implements Deliveries {
  readonly #failed = new Map<string, FailedDelivery>();
  readonly #retries = new Map<string, Retry>();

  async putFailed(failed: FailedDelivery): Promise<void> {
    if (!this.#failed.has(failed.deliveryId)) this.#keep(failed, failed.retryAt);
  }

  async list({ before, limit }: { before: string | undefined; limit: number }): Promise<FailedDelivery[]> {
    return [...this.#failed.values()]
      .filter(({ deliveryId }) => before === undefined || deliveryId < before)
      .toSorted((a, b) => (a.deliveryId < b.deliveryId ? 1 : -1))
      .slice(0, limit);
  }

  async get(deliveryId: string): Promise<FailedDelivery | undefined> {
    return this.#failed.get(deliveryId);
  }

  async due({ by, after, limit }: { by: string; after: Retry | undefined; limit: number }): Promise<Retry[]> {
    return [...this.#retries.values()]
      .filter(({ retryAt }) => retryAt <= by)
      .filter((retry) => after === undefined || nameOf(retry) > nameOf(after))
      .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      .slice(0, limit);
  }

  async claim(read: FailedDelivery, retryAt: string | undefined): Promise<boolean> {
    const { deliveryId, attempts } = read;
    const { retryAt: before, ...failed } = this.#failed.get(deliveryId) ?? { attempts: undefined };
    if (failed.attempts !== attempts) return false;
    if (before !== undefined) this.#retries.delete(nameOf({ deliveryId, retryAt: before }));
    this.#keep({ ...read, ...failed, attempts: attempts + 1 }, retryAt);
    return true;
  }

  async forget(retry: Retry): Promise<void> {
    this.#retries.delete(nameOf(retry));
  }

  #keep({ retryAt: _before, ...failed }: FailedDelivery, retryAt: string | undefined): void {
    const { deliveryId } = failed;
    this.#failed.set(deliveryId, { ...failed, ...(retryAt !== undefined && { retryAt }) });
    if (retryAt !== undefined) this.#retries.set(nameOf({ deliveryId, retryAt }), { deliveryId, retryAt });
  }

  async noteError(deliveryId: string, facts: Pick<FailedDelivery, 'error' | 'failedOn'>): Promise<void> {
    const failed = this.#failed.get(deliveryId);
    if (failed !== undefined) this.#failed.set(deliveryId, { ...failed, ...facts });
  }

  async remove({ deliveryId, retryAt }: Pick<FailedDelivery, 'deliveryId' | 'retryAt'>): Promise<void> {
    this.#failed.delete(deliveryId);
    if (retryAt !== undefined) this.#retries.delete(nameOf({ deliveryId, retryAt }));
  }
}

const nameOf = ({ deliveryId, retryAt }: Retry): string => `${retryAt}/${deliveryId}`;
