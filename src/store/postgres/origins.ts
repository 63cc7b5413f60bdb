import type { OriginId } from '../../core/ids.js';
import type { Database } from './database.js';
import { isLost, isTwice, toMootError } from './postgres-error.js';

interface Row {
  readonly number: number;
  readonly name: string;
}

/** The numbers of logs. They are given once and for ever, so each is asked for once. */
export class Origins {
  private readonly numbers = new Map<OriginId, number>();
  private readonly names = new Map<number, OriginId>();

  constructor(private readonly database: Database) {}

  /** The number of a log that somebody has named before. */
  async find(origin: OriginId): Promise<number | undefined> {
    const known = this.numbers.get(origin);
    if (known !== undefined) return known;
    this.note(await this.database.read<Row>('SELECT number, name FROM origins WHERE name = $1', [origin]));
    return this.numbers.get(origin);
  }

  /** The same, given now where it has none. */
  async numberOf(origin: OriginId): Promise<number> {
    for (;;) {
      const found = await this.find(origin);
      if (found !== undefined) return found;
      try {
        await this.database.write(
          `INSERT INTO origins (number, name) SELECT coalesce(max(number), 0) + 1, $1 FROM origins
           ON CONFLICT (name) DO NOTHING`,
          [origin],
        );
      } catch (error) {
        // Another replica has taken that number at the same moment, or the answer was lost: look again.
        if (!isTwice(error) && !isLost(error)) throw toMootError(error);
      }
    }
  }

  async numbersOf(origins: Iterable<OriginId>): Promise<ReadonlyMap<OriginId, number>> {
    const numbers = new Map<OriginId, number>();
    for (const origin of new Set(origins)) numbers.set(origin, await this.numberOf(origin));
    return numbers;
  }

  async nameOf(number: number): Promise<OriginId> {
    if (!this.names.has(number))
      this.note(await this.database.read<Row>('SELECT number, name FROM origins WHERE number = $1', [number]));
    return this.names.get(number) ?? '';
  }

  private note(rows: readonly Row[]): void {
    for (const { number, name } of rows) {
      this.numbers.set(name, number);
      this.names.set(number, name);
    }
  }
}
