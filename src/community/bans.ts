import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { type Ban, parseMeant } from '../core/moderation.js';
import { foldName } from '../core/name.js';

/** Names under which nobody can join. */
export class Bans {
  private readonly byName = new Map<string, Ban>();

  constructor(
    bans: readonly Ban[],
    private readonly clock: Clock,
  ) {
    for (const ban of bans) this.put(ban);
  }

  /** What another replica has made of them. */
  become(bans: readonly Ban[]): void {
    this.byName.clear();
    for (const ban of bans) this.put(ban);
  }

  /** That hold now, in the order in which they were made. */
  all(): readonly Ban[] {
    return [...this.byName.values()].filter((ban) => this.holds(ban));
  }

  put(ban: Ban): void {
    this.byName.delete(foldName(ban.name));
    this.byName.set(foldName(ban.name), ban);
  }

  lift(name: string): void {
    this.byName.delete(foldName(name));
  }

  /** @param who a name, or the id of the member who had it. @throws MootError `not_found`. */
  get(who: string): Ban {
    const ban =
      this.byName.get(foldName(parseMeant('name', who))) ?? this.all().find(({ memberId }) => memberId === who);
    if (!ban || !this.holds(ban))
      throw new MootError('not_found', `${who} is not banned here`, { field: 'name', hint: 'moot bans SERVER' });
    return ban;
  }

  /** @throws MootError `denied` naming `name`, with the reason and the end. */
  requireNone(name: string): void {
    const ban = this.byName.get(foldName(name));
    if (!ban || !this.holds(ban)) return;
    const until = ban.untilMs === undefined ? '' : ` until ${new Date(ban.untilMs).toISOString()}`;
    const why = ban.reason === '' ? '' : `: ${ban.reason}`;
    throw new MootError('denied', `the name ${name} is banned here${until}${why}`, { field: 'name' });
  }

  private holds({ untilMs }: Ban): boolean {
    return untilMs === undefined || untilMs > this.clock.now();
  }
}
