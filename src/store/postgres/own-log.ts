import { v7 as uuid } from 'uuid';
import { sleep, systemClock } from '../../core/clock.js';
import { MootError, systemCode } from '../../core/errors.js';
import { type OriginId, toId } from '../../core/ids.js';
import type { Commit } from '../../core/log.js';
import { type DailyQuota, dayOf } from '../../core/quota.js';
import type { Appended, Sealer } from '../../core/stores.js';
import { oldKey } from '../../identity/rotate-key.js';
import type { Ask, Database } from './database.js';
import { type Came, OwnPlan, type Waiting } from './own-plan.js';
import { type Beside, forgetUses, writePlan } from './own-statement.js';
import { lookUp, type OwnEnd, type OwnView, type Wanted } from './own-view.js';
import { isConflict, isLost, toMootError } from './postgres-error.js';
import type { Siblings } from './siblings.js';

/** How long the fate of a lost answer is asked for before its callers are told that nobody knows. */
const doubtMs = 4000;
const pauseMs = 100;
/** A look whose answer is lost is worth another one; after so many PostgreSQL is away. */
const mostLooks = 4;
/** Who was late so often lets others pass, for some milliseconds. */
const fewAttempts = 2;

export interface OwnLogParts {
  readonly database: Database;
  readonly sealer: Sealer;
  /** Of the own log. */
  readonly number: number;
  readonly quota: DailyQuota;
  /** Is told that others have written, when this one was late. */
  readonly siblings: Siblings;
  /** Is told what is durable, before it is acknowledged. */
  readonly onCommitted: (commit: Commit) => Promise<void>;
  /** The key of this replica was replaced: nobody would accept what it seals. */
  readonly onReplaced: (error: MootError) => void;
  /** What is held has changed, and has this version. */
  readonly onHeld: (version: number | undefined) => void;
}

/** How a change to the own log is worked out, and written. */
export interface OwnChange<Result> {
  readonly wanted: Omit<Wanted, 'places' | 'heldIds'>;
  /** Fills the plan, anew for each end of the log that is tried. */
  readonly build: (plan: OwnPlan, view: OwnView) => Promise<Result> | Result;
  readonly beside?: Beside;
  /** Writes it in a transaction with what comes along; else it is one statement. */
  readonly along?: (ask: Ask, result: Result) => Promise<void>;
}

interface Doubt<Result> {
  readonly plan: OwnPlan;
  readonly result: Result;
}

const nothingWanted: OwnChange<unknown>['wanted'] = { keys: [], newMembers: [], uses: [] };

/** Appends to the own log, which other replicas append to as well: whoever is late numbers and seals again. */
export class OwnLog {
  private last: OwnEnd | undefined;
  /** One change at a time in this process: its own would only be in each other's way. */
  private turn: Promise<unknown> = Promise.resolve();
  private usesFrom = 0;

  constructor(private readonly parts: OwnLogParts) {}

  get origin(): OriginId {
    return this.parts.sealer.origin;
  }

  /** All of them in one commit. */
  async append(batch: readonly Came[]): Promise<Appended[]> {
    const { quota } = this.parts;
    const waiting = batch.map(toWaiting);
    const days = await this.forgetDays(waiting);
    return await this.change({
      wanted: { ...wantedBy(waiting), uses: isLimited(quota) ? days : [] },
      build: (plan, view) => plan.append(waiting, view, quota),
    });
  }

  /** Changes the own log, once. @throws MootError what `build` throws, or `unavailable`. */
  change<Result>(change: OwnChange<Result>): Promise<Result> {
    const done = this.turn.then(() => this.carryOut(change));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** The end of the log has moved by other means. */
  forgetEnd(): void {
    this.last = undefined;
  }

  private async carryOut<Result>(change: OwnChange<Result>): Promise<Result> {
    // The time of this machine, whatever a test says the time is: it bounds a wait for a network.
    const untilMs = systemClock.monotonic() + doubtMs;
    const doubts: Doubt<Result>[] = [];
    for (let attempt = 1; ; attempt += 1) {
      let doubt: Doubt<Result> | undefined;
      try {
        const view = await this.look(change, doubts, attempt);
        const settled = doubts.find(({ plan }) => isIn(plan, view));
        if (settled) return await this.finish(settled.plan, settled.result, undefined);
        const plan = new OwnPlan(view.end, this.parts);
        const result = await change.build(plan, view);
        if (plan.isEmpty) return result;
        doubt = { plan, result };
        const written = await this.write(plan, result, change);
        if (written) return await this.finish(plan, result, written.heldVersion);
        this.last = undefined;
        this.parts.siblings.wrote();
        if (attempt > fewAttempts) await sleep(systemClock, Math.random() * attempt);
      } catch (error) {
        this.last = undefined;
        if (doubt && isLost(error)) doubts.push(doubt);
        else if (doubts.length === 0 && !isLate(error) && !(isLost(error) && attempt < mostLooks))
          throw toMootError(error);
        if (systemClock.monotonic() > untilMs) throw doubts.length > 0 ? unknown(error) : toMootError(error);
        await sleep(systemClock, pauseMs);
      }
    }
  }

  private async look<Result>(
    change: OwnChange<Result>,
    doubts: readonly Doubt<Result>[],
    attempt: number,
  ): Promise<OwnView> {
    const wanted: Wanted = {
      ...change.wanted,
      places: doubts.flatMap(({ plan }) => plan.rows.slice(0, 1)),
      heldIds: doubts.flatMap(({ plan }) => plan.held.slice(0, 1).map(({ waiting }) => waiting.heldId)),
    };
    const { last } = this;
    const isNothing = [wanted.keys, wanted.newMembers, wanted.uses, wanted.places, wanted.heldIds].every(
      (list) => list.length === 0,
    );
    if (attempt === 1 && isNothing && last) return { ...emptyView, end: last };
    const { database, number, sealer } = this.parts;
    const view = await lookUp(database.read, { number, origin: this.origin }, wanted);
    if (sealer.publicKey.length < view.leastKeyBytes) this.stopReplaced();
    return view;
  }

  /** It slept while the key was replaced, or it would have been stopped. */
  private stopReplaced(): never {
    this.parts.onReplaced(oldKey());
    throw new MootError('unavailable', 'the key of this community was replaced while this replica slept');
  }

  private async write<Result>(
    plan: OwnPlan,
    result: Result,
    { beside, along }: OwnChange<Result>,
  ): Promise<{ readonly heldVersion: number | undefined } | undefined> {
    const { database, number } = this.parts;
    if (!along) return await writePlan(database.write, number, plan, beside);
    return await database.together(async (ask) => {
      const written = await writePlan(ask, number, plan, beside);
      if (written) await along(ask, result);
      return written;
    });
  }

  private async finish<Result>(plan: OwnPlan, result: Result, heldVersion: number | undefined): Promise<Result> {
    this.last = plan.after;
    if (plan.held.length > 0 || heldVersion !== undefined) this.parts.onHeld(heldVersion);
    const { commit } = plan;
    if (commit) await this.parts.onCommitted(commit);
    return result;
  }

  /** Of whose days the use counts; what was used on the days before is forgotten. */
  private async forgetDays(waiting: readonly Waiting[]): Promise<Wanted['uses']> {
    const uses = new Map<string, Wanted['uses'][number]>();
    for (const { submission, nowMs } of waiting) {
      const use = { day: dayOf(nowMs), memberId: submission.member.memberId };
      uses.set(`${use.day} ${use.memberId}`, use);
    }
    const all = [...uses.values()];
    const first = Math.min(...all.map(({ day }) => day));
    if (first > this.usesFrom) {
      // Old rows do no harm: where they cannot be dropped now, the next append tries again, and this one goes on.
      const isDone = forgetUses(this.parts.database.write, first).then(
        () => true,
        () => false,
      );
      if (await isDone) this.usesFrom = first;
    }
    return all;
  }
}

export function changeOfOne<Result>(
  build: OwnChange<Result>['build'],
  more: Pick<OwnChange<Result>, 'beside' | 'along'> = {},
): OwnChange<Result> {
  return { wanted: nothingWanted, build, ...more };
}

const emptyView: Omit<OwnView, 'end'> = {
  keys: new Map(),
  passed: new Map(),
  waiting: new Map(),
  uses: new Map(),
  ids: new Set(),
  held: new Set(),
  leastKeyBytes: 0,
};

/** Two plans for one end of the log may differ in their ids; of one plan either all is there or nothing. */
function isIn(plan: OwnPlan, { ids, held }: OwnView): boolean {
  const [row] = plan.rows;
  if (row) return ids.has(toId(row.hash));
  return plan.held.some(({ waiting }) => held.has(waiting.heldId));
}

function toWaiting({ submission, nowMs, tokens }: Came): Waiting {
  const heldId = submission.holdBelow === undefined ? '' : uuid();
  return { submission, nowMs, tokens, heldId };
}

function wantedBy(waiting: readonly Waiting[]): Pick<Wanted, 'keys' | 'newMembers'> {
  const keys = new Map<string, Wanted['keys'][number]>();
  const newMembers = new Set<string>();
  for (const { submission } of waiting) {
    const { key, member, holdBelow = 0 } = submission;
    if (key !== '') keys.set(`${member.memberId}\n${key}`, { memberId: member.memberId, key });
    if (holdBelow > 0) newMembers.add(member.memberId);
  }
  return { keys: [...keys.values()], newMembers: [...newMembers] };
}

function isLimited({ articles, bytes }: DailyQuota): boolean {
  return Number.isFinite(articles) || Number.isFinite(bytes);
}

/** Nothing was done, and it may be tried again: others stood in the way, or held what it waited for. */
function isLate(error: unknown): boolean {
  return isConflict(error) || systemCode(error) === '57014';
}

function unknown(cause: unknown): MootError {
  return new MootError('unavailable', 'PostgreSQL is away, and nobody knows whether the last articles are in it', {
    cause,
    hint: 'send them again with the same key: that makes no second article',
  });
}
