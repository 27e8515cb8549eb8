import type { Deliveries, FailedDelivery } from '../../../shared/service/notifications/ports.ts';

/** What could not be sent, in memory; passes the same contract suite as that on DynamoDB. */
export class MemoryDeliveries implements Deliveries {
  readonly #failed = new Map<string, FailedDelivery>();

  async putFailed(failed: FailedDelivery): Promise<void> {
    if (!this.#failed.has(failed.deliveryId)) this.#failed.set(failed.deliveryId, failed);
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

  async claim(deliveryId: string, attempts: number): Promise<boolean> {
    const failed = this.#failed.get(deliveryId);
    if (failed?.attempts !== attempts) return false;
    this.#failed.set(deliveryId, { ...failed, attempts: attempts + 1 });
    return true;
  }

  async noteError(deliveryId: string, facts: Pick<FailedDelivery, 'error' | 'failedOn'>): Promise<void> {
    const failed = this.#failed.get(deliveryId);
    if (failed !== undefined) this.#failed.set(deliveryId, { ...failed, ...facts });
  }

  async remove(deliveryId: string): Promise<void> {
    this.#failed.delete(deliveryId);
  }
}
