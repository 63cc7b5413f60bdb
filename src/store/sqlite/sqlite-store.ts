import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import type { HeldStore } from '../../core/held.js';
import type { LeaseStore } from '../../core/leases.js';
import type { LogStore } from '../../core/log.js';
import type { ModerationStore } from '../../core/moderation.js';
import type { PeeringStore } from '../../core/peering.js';
import type { DailyQuota } from '../../core/quota.js';
import type { ArticleStore, LinkStore, MemberStore, SettingStore, Store } from '../../core/stores.js';
import type { Identity } from '../../identity/keys.js';
import { type FileLock, lockFile } from '../file-lock.js';
import { LocalLeases } from '../local-leases.js';
import { AppendQueue } from './append-queue.js';
import { fromSentError, type ReaderCalls, type WriterCalls } from './messages.js';
import { unpackEntries } from './packed-entries.js';
import { ReaderPool } from './reader-pool.js';
import { toMootError } from './sqlite-error.js';
import { SqliteLogs } from './sqlite-logs.js';
import { type Method, WorkerLink } from './worker-link.js';

export interface SqliteOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly quota: DailyQuota;
  /** Nothing is acknowledged any more: the disk refused (`unavailable`), or the database is damaged (`damaged`). */
  readonly onBroken: (error: MootError) => void;
  /** A page was served without an article, because the row at `place` is not what was sealed. */
  readonly onDamaged: (place: number) => void;
}

/** A store in one file. One thread writes, two read; the calling thread does neither. */
export class SqliteStore implements Store {
  private broken: MootError | undefined;
  private closing: Promise<void> | undefined;
  private writer: WorkerLink<WriterCalls> | undefined;
  private readers: ReaderPool | undefined;
  private readonly queue: AppendQueue;
  private readonly mirrors = new SqliteLogs(
    (method, ...args) => this.read(method, ...args),
    (method, ...args) => this.write(method, ...args),
  );

  readonly leases: LeaseStore;

  private constructor(
    private readonly options: SqliteOptions,
    private readonly lock: FileLock,
  ) {
    this.leases = new LocalLeases(options.clock);
    this.queue = new AppendQueue(options.clock, (batch) => this.write('append', batch));
  }

  /**
   * @throws MootError `already_exists` naming the process that has it open; `damaged`, `denied` (another community's) or
   * `unavailable`, saying what to do.
   */
  static async open(file: string, options: SqliteOptions): Promise<SqliteStore> {
    const store = new SqliteStore(options, lockDatabase(file));
    try {
      await store.start(file);
      return store;
    } catch (error) {
      await store.stop();
      throw error;
    }
  }

  private async start(file: string): Promise<void> {
    const { identity, quota, onDamaged } = this.options;
    this.writer = await WorkerLink.start(
      new URL('./writer-worker.js', import.meta.url),
      { file, privatePem: identity.privatePem, heard: this.mirrors.heard, quota },
      {},
      {
        onNotice: (notice) => {
          if (notice.notice === 'broken') this.breakDown(fromSentError(notice.error));
          if (notice.notice === 'commits') this.mirrors.tell(notice.packed);
        },
        onDeath: (error) => this.breakDown(error),
      },
    );
    this.readers = await ReaderPool.start(2, { file, own: identity.id }, onDamaged);
  }

  readonly articles: ArticleStore = {
    append: (submissions) => this.queue.append(submissions),
    find: async (request) => {
      const { text, ids = [] } = request.filter;
      if (text !== undefined || ids.length > 0) await this.write('catchUp');
      return await this.read('find', request);
    },
    load: async (keys) => unpackEntries(await this.read('load', keys)),
    get: async (id) => {
      const [found] = unpackEntries(await this.read('get', id));
      if (found) return found;
      await this.write('catchUp');
      return unpackEntries(await this.read('get', id))[0];
    },
    read: async (origin, fromSeq, limit) => unpackEntries(await this.read('read', origin, fromSeq, limit)),
    retract: async (retraction) => {
      await this.write('catchUp');
      return await this.write('retract', retraction, this.options.clock.now());
    },
    hide: async (hiding) => {
      await this.write('catchUp');
      return await this.write('hide', hiding);
    },
    unhide: async (id) => {
      await this.write('catchUp');
      return await this.write('unhide', id);
    },
    hidden: () => this.read('hidden'),
    end: () => this.read('end'),
    counts: () => this.read('counts'),
  };

  readonly held: HeldStore = {
    list: (request) => this.read('held', request),
    release: (id) => this.write('release', id, this.options.clock.now()),
    refuse: (id, refusal) => this.write('refuse', id, refusal),
  };

  get logs(): LogStore {
    return this.mirrors;
  }

  readonly members: MemberStore = {
    add: (member) => this.write('addMember', member),
    remove: (id, leftAtMs) => this.write('removeMember', id, leftAtMs),
    all: () => this.read('members'),
    page: (after, limit) => this.read('memberPage', after, limit),
  };

  readonly moderation: ModerationStore = {
    change: (changes, act) => this.write('change', changes, act),
    invites: () => this.read('invites'),
    requests: () => this.read('requests'),
    bans: () => this.read('bans'),
    acts: (after, sinceMs, limit) => this.read('acts', after, sinceMs, limit),
  };

  readonly links: LinkStore = {
    put: (link) => this.write('putLink', link),
    remove: (peer) => this.write('removeLink', peer),
    all: () => this.read('links'),
  };

  readonly peering: PeeringStore = {
    putLevel: (level) => this.write('putLevel', level),
    levels: () => this.read('levels'),
    changeRequests: (put, gone) => this.write('changeRequests', put, gone),
    requests: () => this.read('linkRequests'),
  };

  readonly settings: SettingStore = {
    get: (key) => this.read('setting', key),
    set: (key, value) => this.write('setSetting', key, value),
  };

  onRecords(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    this.closing ??= this.stop();
    return this.closing;
  }

  private async stop(): Promise<void> {
    try {
      await this.queue.finish();
      await this.readers?.close();
      await this.writer?.stop('close');
    } finally {
      this.lock.close();
    }
  }

  private async write<M extends keyof WriterCalls>(
    method: M,
    ...args: Method<WriterCalls, M>['args']
  ): Promise<Method<WriterCalls, M>['result']> {
    if (this.broken || !this.writer) throw refusal(this.broken);
    return await this.writer.call(method, ...args);
  }

  private async read<M extends keyof ReaderCalls>(
    method: M,
    ...args: Method<ReaderCalls, M>['args']
  ): Promise<Method<ReaderCalls, M>['result']> {
    if (this.broken || this.closing || !this.readers) throw refusal(this.broken);
    return await this.readers.call(method, ...args);
  }

  private breakDown(cause: Error): void {
    if (this.broken) return;
    this.broken = cause instanceof MootError ? cause : new MootError('unavailable', 'the store failed', { cause });
    this.options.onBroken(this.broken);
  }
}

function refusal(broken: MootError | undefined): MootError {
  return new MootError('unavailable', broken ? `the store has stopped: ${broken.message}` : 'the store is closed', {
    ...(broken === undefined ? {} : { cause: broken }),
  });
}

/** Two writers would number one log twice, whatever data folders they were started with. */
function lockDatabase(file: string): FileLock {
  try {
    return lockFile(`${file}.lock`, `database ${file}`, 'store');
  } catch (error) {
    throw toMootError(error);
  }
}
