import type { OriginId } from '../core/ids.js';

/** That we are a member of a community, and the token that proves it. */
export interface Membership {
  readonly id: OriginId;
  /** The community's name when we joined. */
  readonly name: string;
  /** Where it was last seen. */
  readonly address: string;
  /** All of them, where it had several replicas. */
  readonly addresses?: readonly string[] | undefined;
  readonly memberId: string;
  /** Our name there. */
  readonly member: string;
  readonly token: string;
  readonly joinedAtMs: number;
  /** We have asked, and are no member yet; default false. */
  readonly isWaiting?: boolean | undefined;
}

/** The memberships of one person; one a community. */
export interface Memberships {
  all(): Promise<readonly Membership[]>;
  /** Adds one, or takes the place of the one of the same community. */
  put(membership: Membership): Promise<void>;
  remove(id: OriginId): Promise<void>;
}

export class MemoryMemberships implements Memberships {
  private readonly kept = new Map<OriginId, Membership>();

  async all(): Promise<readonly Membership[]> {
    return [...this.kept.values()];
  }

  async put(membership: Membership): Promise<void> {
    this.kept.set(membership.id, membership);
  }

  async remove(id: OriginId): Promise<void> {
    this.kept.delete(id);
  }
}
