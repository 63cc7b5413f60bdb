import type { SettingStore } from '../../core/stores.js';
import { isSameHash } from '../../identity/tokens.js';

const key = 'operator.hashes';

/** The hashes of the operator's tokens of all replicas, each by the address of its replica; each of them is good at every one. */
export class OperatorHashes {
  private others: readonly Uint8Array[] = [];

  constructor(
    private readonly own: Uint8Array,
    private readonly settings: SettingStore,
  ) {}

  includes(hash: Uint8Array): boolean {
    return [this.own, ...this.others].some((one) => isSameHash(one, hash));
  }

  /** Adds the own one to what the replicas share; one that was there for this address is good no longer. */
  async share(address: string, alone: <T>(work: () => Promise<T>) => Promise<T>): Promise<void> {
    await alone(async () => {
      const kept = await this.kept();
      const mine = Buffer.from(this.own).toString('hex');
      if (kept[address] !== mine) await this.settings.set(key, JSON.stringify({ ...kept, [address]: mine }));
    });
    await this.reload();
  }

  async reload(): Promise<void> {
    this.others = Object.values(await this.kept()).map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
  }

  private async kept(): Promise<Readonly<Record<string, string>>> {
    return JSON.parse((await this.settings.get(key)) ?? '{}') as Record<string, string>;
  }
}
