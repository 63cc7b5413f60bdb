import type { OriginId } from '../core/ids.js';
import { compareAges, type ServerEntry } from '../core/server-entry.js';

type Listed = ReadonlyMap<OriginId, ServerEntry>;

/**
 * What several registries list, as one list: of each server the newest entry counts. A registry that is
 * away counts for nothing as soon as another one is there; while none is, what was last known stays.
 */
export class MergedServers {
  private readonly lists = new Map<string, Map<OriginId, ServerEntry>>();
  private readonly away = new Set<string>();

  /** `changed` is called for each server that may be another than before. */
  constructor(private readonly changed: (id: OriginId) => void) {}

  listedAll(registry: string, entries: Listed): void {
    const before = [...this.lists.values()];
    this.away.delete(registry);
    for (const lost of this.away) this.lists.delete(lost);
    this.lists.set(registry, new Map(entries));
    for (const list of [...before, entries]) this.touch(list);
  }

  put(registry: string, entry: ServerEntry): void {
    this.lists.get(registry)?.set(entry.id, entry);
    this.changed(entry.id);
  }

  remove(registry: string, id: OriginId): void {
    this.lists.get(registry)?.delete(id);
    this.changed(id);
  }

  lost(registry: string): void {
    this.away.add(registry);
    const list = this.lists.get(registry);
    const isAnyThere = [...this.lists.keys()].some((each) => !this.away.has(each));
    if (!list || !isAnyThere) return;
    this.lists.delete(registry);
    this.touch(list);
  }

  /** The newest entry of `id` in any list. */
  get(id: OriginId): ServerEntry | undefined {
    let newest: ServerEntry | undefined;
    for (const list of this.lists.values()) {
      const entry = list.get(id);
      if (entry && (!newest || compareAges(entry, newest) > 0)) newest = entry;
    }
    return newest;
  }

  private touch(list: Listed): void {
    for (const id of list.keys()) this.changed(id);
  }
}
