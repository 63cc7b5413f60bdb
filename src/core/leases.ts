/** Each replica of a community that serves holds one, named by this and its id; the holder is its address. */
export const replicaLeases = 'replica/';
/** Held while one starts, or while what needs all of them stopped is done. */
export const startingLease = 'starting';
/** For so long at most; who has not come to an end by then is taken for one that died. */
export const startingMs = 15_000;
/** A replica that dies is gone for the others after this, which it renews four times in it. */
export const replicaMs = 2000;

/** Who holds a lease now. */
export interface LeaseHolder {
  readonly name: string;
  readonly holder: string;
}

/** What one replica of a community does for all, and for how long, by one clock for all of them. */
export interface LeaseStore {
  /** Takes it where nobody holds it any more, or renews it, for `forMs` from now. @returns false while another one holds it. */
  hold(name: string, holder: string, forMs: number): Promise<boolean>;
  /** Gives it back, if it is that holder's. */
  release(name: string, holder: string): Promise<void>;
  /** Those whose lease is not over, of names that begin with `prefix`, in the order of the names. */
  holders(prefix: string): Promise<readonly LeaseHolder[]>;
}
