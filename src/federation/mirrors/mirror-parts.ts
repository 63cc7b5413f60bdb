import type { Clock } from '../../core/clock.js';
import type { CommitChecker, Follower } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import type { LogStore } from '../../core/log.js';
import type { KeyRing } from '../../identity/key-ring.js';
import type { Identity } from '../../identity/keys.js';
import type { ReportLine } from './feed-report.js';
import type { OnState } from './following.js';
import type { MirrorOptions } from './mirror-options.js';

/** What mirrors are made of. */
export interface MirrorParts {
  readonly identity: Identity;
  readonly name: () => string;
  readonly logs: LogStore;
  readonly follower: Follower;
  readonly checker: CommitChecker;
  /** What is known of keys that were replaced; shared with all that checks what others have signed. */
  readonly ring: KeyRing;
  readonly clock: Clock;
  /** From 0 to 1, for back-off. */
  readonly random: () => number;
  readonly peerName: (peer: OriginId) => string;
  readonly options?: Partial<MirrorOptions> | undefined;
  readonly report?: ReportLine | undefined;
  /** False while another replica drops what is too old; default: nobody else does. */
  readonly isHousekeeper?: (() => boolean) | undefined;
  /** A mirror was dropped. */
  readonly onDrop?: ((origin: OriginId) => void) | undefined;
  /** How a link stands has changed. */
  readonly onLink?: ((peer: OriginId, ...how: Parameters<OnState>) => void) | undefined;
}
