import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/** Names that stand in entries as numbers: origins, topics, authors. */
export class Interned {
  private readonly known = new LRUCache<string, number>({ maxSize: 50_000, sizeCalculation: () => 1 });
  private readonly select;
  private readonly insert;

  constructor(database: Database, table: 'origins' | 'topics' | 'authors') {
    this.select = database.prepare<[string], number>(`SELECT number FROM ${table} WHERE name = ?`).pluck();
    this.insert = database.prepare<[string]>(`INSERT INTO ${table} (name) VALUES (?)`);
  }

  /** The number of `name`, which gets one if it has none. */
  numberOf(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const number = Number(this.insert.run(name).lastInsertRowid);
    this.known.set(name, number);
    return number;
  }

  /** The number of `name`, if it has one. */
  find(name: string): number | undefined {
    const number = this.known.get(name) ?? this.select.get(name);
    if (number !== undefined) this.known.set(name, number);
    return number;
  }

  /** After a rollback, numbers given since the last commit are free again. */
  forget(): void {
    this.known.clear();
  }
}
