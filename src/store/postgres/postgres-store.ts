import type { Bus } from '../../core/bus.js';
import { type Clock, systemClock } from '../../core/clock.js';
import type { MootError } from '../../core/errors.js';
import type { HeldStore } from '../../core/held.js';
import type { LeaseStore } from '../../core/leases.js';
import type { LogStore } from '../../core/log.js';
import type { ModerationStore } from '../../core/moderation.js';
import type { PeeringStore } from '../../core/peering.js';
import type { DailyQuota } from '../../core/quota.js';
import type { ArticleStore, LinkStore, MemberStore, RecordKind, SettingStore, Store } from '../../core/stores.js';
import type { Identity } from '../../identity/keys.js';
import { createSealer } from '../../identity/seal.js';
import { AppendQueue } from './append-queue.js';
import { ArticleFinder } from './article-finder.js';
import { ArticleReader } from './article-reader.js';
import { Database } from './database.js';
import { PostgresHeld } from './held-records.js';
import { HiddenArticles } from './hidden-articles.js';
import { leaseStore } from './leases.js';
import { LogReader } from './log-reader.js';
import { LogStates } from './log-states.js';
import { memberStore } from './member-records.js';
import { prepareTables } from './migrations.js';
import { MirrorDropper } from './mirror-dropper.js';
import { MirrorWriter } from './mirror-writer.js';
import { moderationStore } from './moderation-records.js';
import { Origins } from './origins.js';
import { beginOwnLog } from './own-end.js';
import { OwnLog } from './own-log.js';
import { linkStore, peeringStore, settingStore } from './peering-records.js';
import { namedError, toMootError } from './postgres-error.js';
import { PostgresLogs } from './postgres-logs.js';
import { namedAddress, parsePostgresUrl } from './postgres-url.js';
import { RecordChanges } from './record-changes.js';
import { retract } from './retract.js';
import { Siblings } from './siblings.js';
import { Tail } from './tail.js';
import { Watch } from './watch.js';

export interface PostgresOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly quota: DailyQuota;
  readonly bus: Bus | undefined;
  readonly onBroken: (error: MootError) => void;
  readonly onDamaged: (place: number) => void;
}

/** A store in PostgreSQL, which other replicas of the community use at the same time. */
export class PostgresStore implements Store {
  readonly articles: ArticleStore;
  readonly held: HeldStore;
  readonly logs: LogStore;
  readonly members: MemberStore;
  readonly moderation: ModerationStore;
  readonly links: LinkStore;
  readonly peering: PeeringStore;
  readonly settings: SettingStore;
  readonly leases: LeaseStore;
  private readonly queue: AppendQueue;
  private readonly watch: Watch;
  private readonly changes: RecordChanges;
  private closing: Promise<void> | undefined;

  /** @throws MootError saying what is wrong with the address, the rights or the tables, and what to do. */
  static async open(url: string, options: PostgresOptions): Promise<PostgresStore> {
    const address = parsePostgresUrl(url);
    const database = new Database(address);
    let store: PostgresStore | undefined;
    try {
      await prepareTables(database, options.identity.id);
      const origins = new Origins(database);
      const number = await origins.numberOf(options.identity.id);
      await beginOwnLog(database, options.identity.id, number);
      store = new PostgresStore(database, origins, number, options);
      await store.watch.begin();
      return store;
    } catch (error) {
      await (store?.close() ?? database.close());
      throw namedError(toMootError(error), namedAddress(address));
    }
  }

  private constructor(
    private readonly database: Database,
    origins: Origins,
    number: number,
    { identity, clock, quota, bus, onBroken, onDamaged }: PostgresOptions,
  ) {
    const own = { origin: identity.id, number };
    const reader = new LogReader(database, origins);
    const tail = new Tail((origin, after, maxBytes) => reader.read(origin, after, maxBytes));
    const siblings = new Siblings(systemClock);
    const watch = new Watch(database, tail, () => this.changes, clock, bus, siblings, identity.id);
    const changes = new RecordChanges(database, (kind, version) => watch.changed(kind, version));
    this.watch = watch;
    this.changes = changes;
    const log = new OwnLog({
      database,
      sealer: createSealer(identity),
      number,
      quota,
      siblings,
      onCommitted: (commit) => logs.wrote(commit),
      onReplaced: onBroken,
      onHeld: (version) => {
        if (version !== undefined) changes.changed('held', version);
      },
    });
    const logs = new PostgresLogs({
      states: new LogStates(database),
      reader,
      writer: new MirrorWriter(database, origins, own),
      dropper: new MirrorDropper(database, origins, identity.id),
      tail,
      watch,
      onOwn: () => log.forgetEnd(),
      onHidden: (version) => changes.changed('hidden', version),
      own: identity.id,
    });
    this.logs = logs;
    this.queue = new AppendQueue(clock, siblings, (batch) => log.append(batch));
    this.articles = this.articlesOf(origins, own, log, changes, clock, onDamaged);
    this.held = new PostgresHeld(database, log, changes, number, () => clock.now());
    this.members = memberStore(database, changes, number);
    this.moderation = moderationStore(database, changes, number);
    this.links = linkStore(database, changes);
    this.peering = peeringStore(database, changes);
    this.settings = settingStore(database, changes);
    this.leases = leaseStore(database);
  }

  onRecords(listener: (kind: RecordKind) => void): () => void {
    return this.changes.listeners.add(listener);
  }

  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    try {
      await this.queue.finish();
      await this.watch.close();
    } finally {
      await this.database.close();
    }
  }

  private articlesOf(
    origins: Origins,
    own: { readonly origin: string; readonly number: number },
    log: OwnLog,
    changes: RecordChanges,
    clock: Clock,
    onDamaged: (place: number) => void,
  ): ArticleStore {
    const { database } = this;
    const finder = new ArticleFinder(database, origins);
    const reader = new ArticleReader(database, origins, onDamaged);
    const hidden = new HiddenArticles(database, changes, own.origin);
    return {
      append: (submissions) => this.queue.append(submissions),
      find: (request) => finder.find(request),
      load: (keys) => reader.load(keys),
      get: (id) => reader.get(id),
      read: (origin, fromSeq, limit) => reader.read(origin, fromSeq, limit),
      retract: async (retraction) => {
        // What was given to the queue before it stands before it in the log.
        this.queue.hurry();
        await new Promise((resolve) => setImmediate(resolve));
        return await retract(database, log, own, retraction, clock.now());
      },
      hide: (hiding) => hidden.hide(hiding),
      unhide: (id) => hidden.unhide(id),
      hidden: () => hidden.all(),
      end: () => reader.end(own.number),
      counts: () => reader.counts(own.number),
    };
  }
}
