import { type Clock, sleep } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { type Commit, comparePlaces, endOf, type Gap, type LogPlace } from '../../core/log.js';
import { feedBounds } from './feed-bounds.js';
import { type Beyond, Inquiry, type InquiryParts, type Shown } from './inquiry.js';
import { type Positions, relationOf, type Standing } from './positions.js';

export interface RepairParts extends InquiryParts {
  readonly positions: Positions;
  readonly clock: Clock;
  /** Whom to ask for a log, the origin first. */
  readonly carriers: (origin: OriginId) => readonly OriginId[];
  /** How many peers there are who may carry it in a moment: one that is new, or back, has not said so yet. */
  readonly links: () => number;
  readonly nameOf: (peer: OriginId) => string;
  readonly onGap: (gap: Gap, peer: OriginId) => void;
}

/** What a link claims: that the log reaches `through`; `why` says what was wrong with what it sent. */
export interface Claim {
  readonly through: LogPlace;
  readonly why: string;
}

/** Gets what is missing in one log from whoever has it; what nobody has becomes a gap, with its reason. */
export class Repair {
  private readonly ending = new AbortController();
  private beyond: Beyond | undefined;
  /** Who had a commit with texts missing that nobody else had: the rest of its log is taken as it is there. */
  private readonly lenient = new Set<OriginId>();

  constructor(
    private readonly origin: OriginId,
    private readonly parts: RepairParts,
    private readonly claims: ReadonlyMap<OriginId, Claim>,
  ) {}

  /** Resolves when the log is as long as it was claimed to be, or nobody can make it so. @returns whether it has grown. */
  async run(): Promise<boolean> {
    const { clock } = this.parts;
    const first = this.standing;
    let startedMs = clock.monotonic();
    while (!this.ending.signal.aborted) {
      const before = this.standing;
      const lateMs = startedMs + feedBounds.repairMs;
      const allShowGap = await this.askAll(lateMs);
      const isLate = clock.monotonic() >= lateMs;
      if (this.standing !== before) startedMs = clock.monotonic();
      else if (this.beyond && (allShowGap || isLate)) {
        await this.leap(this.beyond, before);
        startedMs = clock.monotonic();
      } else if (isLate || !this.isClaimed()) break;
      else await sleep(clock, retryMs, this.ending.signal);
      if (!this.isClaimed()) break;
    }
    return this.standing !== first;
  }

  stop(): void {
    this.ending.abort(new MootError('cancelled', 'the log is not carried any more'));
  }

  private get standing(): Standing {
    return this.parts.positions.of(this.origin);
  }

  private isClaimed(): boolean {
    const { end } = this.standing;
    return [...this.claims.values()].some(({ through }) => comparePlaces(through, end) > 0);
  }

  /** Asks one after the other, the next as soon as one is silent. @returns true when every link has shown a gap. */
  private async askAll(lateMs: number): Promise<boolean> {
    const { clock, carriers, links } = this.parts;
    const before = this.standing;
    const over = new AbortController();
    const end = (): void => over.abort(new MootError('timed_out', 'what is missing did not come in time'));
    this.ending.signal.addEventListener('abort', end, { once: true });
    this.beyond = undefined;
    const asking: Promise<Shown>[] = [];
    try {
      for (const peer of carriers(this.origin)) {
        if (over.signal.aborted || this.standing !== before) break;
        const asked = this.ask(peer, over.signal);
        asking.push(asked);
        await within(clock, asked, feedBounds.repairPatienceMs);
      }
      await this.settled(asking, Math.max(0, lateMs - clock.monotonic()));
      end();
      const shown = await Promise.all(asking);
      return shown.length > 0 && shown.length >= links() && shown.every((one) => one === 'a gap');
    } finally {
      this.ending.signal.removeEventListener('abort', end);
    }
  }

  /** All have answered, or one has brought all it had, or nothing has come for so long. */
  private async settled(asking: readonly Promise<Shown>[], patienceMs: number): Promise<void> {
    const { clock } = this.parts;
    const brought = new Promise<void>((resolve) => {
      for (const asked of asking) asked.then((shown) => shown === 'more' && resolve(), resolve);
    });
    const done = Promise.race([brought, Promise.all(asking)]);
    let moved: Standing | undefined = this.standing;
    for (let ms = patienceMs; moved; ms = feedBounds.repairMs) {
      if (await within(clock, done, ms)) return;
      moved = moved === this.standing ? undefined : this.standing;
    }
  }

  private async ask(peer: OriginId, signal: AbortSignal): Promise<Shown> {
    const named = { id: peer, name: this.parts.nameOf(peer) };
    const why = this.claims.get(peer)?.why ?? '';
    const inquiry = new Inquiry(this.parts, named, this.origin, why, this.lenient.has(peer));
    const shown = await inquiry.ask(this.standing.end, signal);
    if (inquiry.beyond) this.remember(inquiry.beyond);
    return shown;
  }

  private remember(beyond: Beyond): void {
    const known = this.beyond?.commit;
    const order = known ? comparePlaces(endOf(beyond.commit), endOf(known)) || lost(beyond.commit) - lost(known) : -1;
    if (order < 0) this.beyond = beyond;
  }

  /** Goes on at the first sound commit that anybody has. */
  private async leap({ peer, commit, reason }: Beyond, from: Standing): Promise<void> {
    const { epoch, firstSeq } = commit.seal;
    const toSeq = firstSeq - 1;
    const relation = relationOf(from, commit);
    const isWhole = toSeq <= from.end.seq && relation !== 'hole';
    if (relation === 'next') this.lenient.add(peer);
    const fromSeq = Math.min(from.end.seq + 1, toSeq);
    const gap = isWhole || toSeq < 1 ? undefined : { origin: this.origin, epoch, fromSeq, toSeq, reason };
    if ((await this.parts.queue.force(peer, commit, gap, from)) && gap) this.parts.onGap(gap, peer);
  }
}

/** Entries whose texts are gone. */
function lost({ entries }: Commit): number {
  return entries.filter(({ bytes }) => bytes === undefined).length;
}

const retryMs = 500;

/** @returns true when `work` has settled within `ms`. */
async function within(clock: Clock, work: Promise<unknown>, ms: number): Promise<boolean> {
  const over = new AbortController();
  const end = (): void => over.abort();
  let hasSettled = false;
  const settled = work.then(end, end).then(() => {
    hasSettled = true;
  });
  await Promise.race([settled, sleep(clock, ms, over.signal)]);
  return hasSettled;
}
