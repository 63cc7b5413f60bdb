/** Slots of a new table; a power of two, as it stays when it doubles. */
const firstSlots = 4096;
const most = 2 ** 52;

/**
 * How often each hash has come, in 16 to 32 bytes a hash: a million lines must not cost what a million texts do. Hashes are
 * told apart by their first 52 bits. Should two ever agree in these, the second is counted as a repeat of the first; the
 * whole hash stands in the key beside the count, so nothing is lost by that.
 */
export class SeenHashes {
  private slots = new Float64Array(firstSlots);
  private used = 0;
  /** Those that have come more than once. */
  private readonly repeats = new Map<number, number>();

  /** @returns 1 for a hash that has not come before. */
  count(hash: Buffer): number {
    // 0 is an empty slot.
    const key = (hash.readUIntBE(0, 6) * 16 + (hash.readUInt8(6) >> 4) + 1) % most || 1;
    if (this.take(key)) return 1;
    const count = (this.repeats.get(key) ?? 1) + 1;
    this.repeats.set(key, count);
    return count;
  }

  private take(key: number): boolean {
    const at = slotOf(this.slots, key);
    if (this.slots[at] === key) return false;
    this.slots[at] = key;
    this.used += 1;
    if (this.used * 2 > this.slots.length) this.grow();
    return true;
  }

  private grow(): void {
    const slots = new Float64Array(this.slots.length * 2);
    for (const key of this.slots) if (key !== 0) slots[slotOf(slots, key)] = key;
    this.slots = slots;
  }
}

/** Where a key is, or would be. */
function slotOf(slots: Float64Array, key: number): number {
  let at = key % slots.length;
  while (slots[at] !== 0 && slots[at] !== key) at = (at + 1) % slots.length;
  return at;
}
