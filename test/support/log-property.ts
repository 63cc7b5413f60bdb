import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyArticle } from '../../src/core/filter.js';
import { endOf, endOfGap, type LogItem, type LogPlace, logStart } from '../../src/core/log.js';
import type { Store } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { draft, submission } from './drafts.js';
import { assertNoHoles, ModelLog, slotsOf } from './log-model.js';
import { type Written, WrittenLog } from './written-log.js';

const identity = createIdentity();
const strangers = Array.from({ length: 3 }, () => createIdentity());
const vias = strangers.map(({ id }) => id);

const anyEntry = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'article' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ gone: 'hidden' as const }, { gone: 'retracted' as const }) },
  { weight: 2, arbitrary: fc.record({ takesBack: fc.nat() }) },
);
/** From how many places of a log it is read. */
const places = 8;
const which = fc.nat({ max: 2 });
const anyStep = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      which,
      via: which,
      commits: fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      epoch: fc.constantFrom(0, 0, 0, 1),
      isWrong: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('skip' as const),
      which,
      via: which,
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retract' as const), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('hide' as const, 'unhide' as const), which, pick: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('expire' as const), age: fc.nat({ max: 8 }), most: fc.nat({ max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

/** A store and its model, and what happens to both. */
class Trial {
  private nowMs = 100;
  private readonly logs = strangers.map((one) => ({ written: new WrittenLog(one), model: new ModelLog() }));
  private readonly own = { written: new WrittenLog(identity), model: new ModelLog() };
  private made = 0;

  private constructor(
    private readonly url: string,
    private store: Store,
  ) {}

  static async start(url: string): Promise<Trial> {
    const trial: { now: Trial | undefined } = { now: undefined };
    const clock = { now: () => trial.now?.nowMs ?? 0, monotonic: () => 0, after: () => () => undefined };
    const open = () => openStore(url, { identity, clock });
    trial.now = new Trial(url, await open());
    trial.now.open = open;
    return trial.now;
  }

  private open: () => Promise<Store> = () => Promise.reject(new Error('not yet'));

  async close(): Promise<void> {
    await this.store.close();
  }

  async step(step: Step): Promise<void> {
    this.nowMs += 1;
    if (step.do === 'append') await this.append(step.count);
    else if (step.do === 'take') await this.take(step);
    else if (step.do === 'skip') await this.skip(step);
    else if (step.do === 'retract') await this.retract(step.pick);
    else if (step.do === 'hide' || step.do === 'unhide') await this.hide(step);
    else if (step.do === 'drop') await this.drop(step.which);
    else if (step.do === 'expire') await this.expire(this.nowMs - step.age, step.most);
    else if (this.url !== 'memory:') {
      await this.store.close();
      this.store = await this.open();
    }
    for (const { model } of [this.own, ...this.logs]) model.settle();
  }

  /** Holds the store against the model. */
  async compare(most: number): Promise<void> {
    const states = new Map((await this.store.logs.states()).map((state) => [state.origin, state]));
    for (const { written, model } of [this.own, ...this.logs]) {
      const state = states.get(written.origin);
      if (!state) {
        expect(model.via).toBe('');
        continue;
      }
      const { after, end, entries, lastSeal, via = '' } = state;
      expect({ after, end, entries, via, lastSeal: Buffer.from(lastSeal).toString('hex') }).toEqual({
        after: model.after,
        end: model.end,
        entries: model.kept.length,
        via: model.via,
        lastSeal: model.lastSeal,
      });
      const every = Math.ceil(model.slots.length / places);
      const some = model.slots.filter((_, at) => at % every === 0);
      for (const from of [logStart, ...some.map(({ place }) => place)]) {
        const items = await this.readAll(written.origin, from, most);
        assertNoHoles(items, from);
        expect(slotsOf(items)).toEqual(model.past(from));
      }
      const request = { filter: { ...anyArticle, text: 'body' }, origin: written.origin, before: undefined };
      const { keys } = await this.store.articles.find({ ...request, limit: 500, notAfterMs: 1e15 });
      const found = await this.store.articles.load(keys);
      expect(found.map(({ id }) => id).sort()).toEqual([...model.articles].sort());
    }
    expect((await this.store.articles.counts()).articles).toBe(this.own.model.articles.length);
  }

  /** In as many reads as it takes. */
  private async readAll(origin: string, from: LogPlace, most: number): Promise<LogItem[]> {
    const all: LogItem[] = [];
    for (let at = from; ; ) {
      const items = await this.store.logs.read(origin, at, most);
      const last = items.at(-1);
      if (!last) return all;
      all.push(...items);
      at = last.kind === 'gap' ? endOfGap(last.gap) : endOf(last.commit);
    }
  }

  private async append(count: number): Promise<void> {
    this.made += count;
    const bodies = Array.from({ length: count }, (_, at) => `body ${this.made - at}`);
    await this.store.articles.append(bodies.map((body) => submission(draft(body))));
    await this.follow();
  }

  /** The own log is sealed by the store: the model learns from it what came. */
  private async follow(): Promise<void> {
    const { model } = this.own;
    const items = await this.store.logs.read(identity.id, model.end, Number.POSITIVE_INFINITY);
    const { lastSeal } = await this.store.articles.end();
    for (const item of items) if (item.kind === 'commit') model.take(item.commit, { lastSeal });
  }

  private async take({ which: at, via, commits, epoch, isWrong }: Extract<Step, { do: 'take' }>): Promise<void> {
    const log = this.logs[at];
    if (!log) return;
    const { written, model } = log;
    const before = { epoch: written.epoch, seq: written.seq, lastSeal: written.lastSeal };
    written.epoch += epoch;
    if (isWrong) written.seq += epoch === 0 ? 1 : 0;
    const sealed = commits.map((entries) => {
      const commit = written.commit(
        entries.map((entry) => this.toWritten(entry, model)),
        this.nowMs,
      );
      return { commit, lastSeal: written.lastSeal };
    });
    const taken = this.store.logs.take(sealed.map(({ commit }) => ({ commit, via: vias[via] ?? '' })));
    if (isWrong && epoch === 0) {
      await expect(taken).rejects.toMatchObject({ code: 'invalid' });
      Object.assign(written, before);
      return;
    }
    await taken;
    for (const { commit, lastSeal } of sealed) model.take(commit, { lastSeal });
    model.via = vias[via] ?? '';
  }

  private toWritten(entry: { takesBack: number } | Written, model: ModelLog): Written {
    this.made += 1;
    if (!('takesBack' in entry)) return { ...entry, body: `body ${this.made}` };
    const slots = model.kept;
    const slot = slots[entry.takesBack % Math.max(slots.length, 1)];
    if (!slot) return { body: `body ${this.made}` };
    const { epoch, seq } = slot.place;
    return { kind: 'retraction', body: `no ${this.made}`, retracts: slot.id, retractsSeq: seq, retractsEpoch: epoch };
  }

  private async skip({ which: at, via, count }: Extract<Step, { do: 'skip' }>): Promise<void> {
    const log = this.logs[at];
    if (!log) return;
    const gap = log.written.gap(count, 'lost');
    await this.store.logs.skip(gap, vias[via] ?? '');
    log.model.skip(gap.epoch, gap.fromSeq, gap.toSeq, gap.reason);
    log.model.via = vias[via] ?? '';
  }

  private async retract(pick: number): Promise<void> {
    const ids = this.own.model.articles;
    const id = ids[pick % Math.max(ids.length, 1)];
    if (id === undefined) return;
    const retraction = { id, memberId: '', memberName: 'operator', reason: 'no', onlyOf: undefined };
    const first = await this.store.articles.retract(retraction);
    expect(await this.store.articles.retract(retraction)).toEqual({ ...first, duplicate: true });
    await this.follow();
  }

  private async hide({ do: what, which: at, pick }: Extract<Step, { do: 'hide' | 'unhide' }>): Promise<void> {
    const model = this.logs[at]?.model;
    const ids = (what === 'hide' ? model?.articles : model?.hidden) ?? [];
    const id = ids[pick % Math.max(ids.length, 1)];
    if (id === undefined) return;
    if (what === 'hide') await this.store.articles.hide({ id, by: 'Mo', reason: '', atMs: this.nowMs });
    else await this.store.articles.unhide(id);
    model?.[what](id);
    expect((await this.store.articles.hidden()).some((one) => one.id === id)).toBe(what === 'hide');
  }

  private async drop(at: number): Promise<void> {
    const log = this.logs[at];
    if (!log) return;
    await this.store.logs.drop(log.written.origin);
    this.logs[at] = { written: new WrittenLog(log.written.identity), model: new ModelLog() };
  }

  private async expire(storedBeforeMs: number, mostEntries: number): Promise<void> {
    const age = ({ model }: { model: ModelLog }): number =>
      model.kept[0]?.commit?.storedAtMs ?? Number.POSITIVE_INFINITY;
    const changed = new Set<string>();
    const dropOldest = (log: (typeof this.logs)[number]): void => {
      log.model.dropOldest();
      changed.add(log.written.origin);
    };
    for (const log of this.logs) while (age(log) < storedBeforeMs) dropOldest(log);
    for (const via of vias) {
      const logs = this.logs.filter(({ model }) => model.via === via);
      const byAge = (a: (typeof logs)[number], b: (typeof logs)[number]): number =>
        age(a) - age(b) || (a.written.origin < b.written.origin ? -1 : 1);
      while (logs.reduce((sum, { model }) => sum + model.kept.length, 0) > mostEntries) {
        const [oldest] = logs.filter(({ model }) => model.kept.length > 0).sort(byAge);
        if (oldest) dropOldest(oldest);
      }
    }
    const states = await this.store.logs.expire({ storedBeforeMs, mostEntries });
    expect(states.map(({ origin }) => origin).sort()).toEqual([...changed].sort());
  }
}

/** Whatever happens to a store happens to a plain list as well, and they stay alike. */
export function keepsLogsAsAListDoes(url: () => string, numRuns: number): void {
  it('is what a plain list is, whatever is appended, taken, skipped, taken back, hidden, dropped, and opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30, size: 'max' }), fc.nat({ max: 900 }), async (steps, most) => {
        const trial = await Trial.start(url());
        try {
          for (const step of steps) await trial.step(step);
          await trial.compare(most);
        } finally {
          await trial.close();
        }
      }),
      { numRuns },
    );
  }, 120_000);
}
